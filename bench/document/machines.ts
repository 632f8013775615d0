import type { BenchResults, Stamp } from './results-file.js';
import { shown, table } from './table.js';

/** What of the Python environments the tables depend on. */
const SHOWN_PACKAGES =
  /^(asyncpg|bentoml|fastapi|flask|gunicorn|httptools|lightgbm|mlserver|numpy|onnx|onnxmltools|onnxruntime|pandas|prometheus-fastapi-instrumentator|pydantic|scikit-learn|starlette|uvicorn|uvloop)==/i;

/** When a section was measured, and how. */
export function stampLine({ startedAt, endedAt, plan, machine }: Stamp): string {
  const quick = plan.name === 'quick' ? ' **With `--quick`: shortened, to try things out.**' : '';
  return `_Measured from ${minute(startedAt)} to ${minute(endedAt)}, commit ${machine.commit}._${quick}`;
}

/** The section on where and with what each section was measured. */
export function renderMachines(results: BenchResults): string {
  const rows = Object.entries(results).map(([name, { stamp, disturbances }]) => {
    const most = (core: 'serverCorePercent' | 'loadCorePercent'): string =>
      shown(Math.max(0, ...disturbances.map((disturbance) => disturbance[core])));
    const { machine: m, postgres } = stamp;
    return [
      name,
      `${minute(stamp.startedAt)} to ${minute(stamp.endedAt)}`,
      m.commit,
      `${m.processor}, ${m.cores} cores, ${m.memoryGib} GiB; ${m.system}`,
      `Node ${m.node}, PostgreSQL ${postgres.version} (${postgres.durability}), ${m.wrk}, ${m.python}`,
      `${stamp.loadAverageAtStart}; ${stamp.loadAverageAtEnd}`,
      `${most('serverCorePercent')}; ${most('loadCorePercent')}`,
    ];
  });
  const header = ['section', 'when', 'commit', 'machine', 'versions', 'load average at start; at end'];
  const disturbed = 'others on core 0; on core 1, % at worst';
  return `## Machine and versions\n\n${table([...header, disturbed], rows, [0, 1, 2, 3, 4, 5, 6])}${packages(results)}`;
}

function packages({ servers }: BenchResults): string {
  const lines = Object.entries(servers?.stamp.packages ?? {}).map(
    ([name, list]) => `- ${name}: ${list.filter((line) => SHOWN_PACKAGES.test(line)).join(', ')}`,
  );
  return lines.length === 0 ? '' : `\n\nWhat the peers ran with, as installed:\n\n${lines.join('\n')}`;
}

function minute(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}
