import { LOAD_CORE, SERVER_CORE } from '../pin.js';
import type { BenchResults } from './results-file.js';

/** What of the Python environments the tables depend on. */
const SHOWN_PACKAGES =
  /^(asyncpg|bentoml|fastapi|flask|gunicorn|httptools|lightgbm|mlserver|numpy|onnx|onnxmltools|onnxruntime|pandas|prometheus-fastapi-instrumentator|pydantic|starlette|uvicorn|uvloop)==/i;

/** The sections on how, where and with what was measured. */
export function renderMethod(results: BenchResults): string {
  return `${method(results)}\n\n${machine(results)}`;
}

function method({ plan, trees, data }: BenchResults): string {
  return `## How it is measured

- The server is pinned to core ${SERVER_CORE}, the load generator and Postgres to core ${LOAD_CORE} (\`taskset\`). Servers run one at a time.
- Load: [wrk](https://github.com/wg/wrk) (Debian: \`apt-get install wrk\`), one thread, keep-alive connections, 100 different rows in turn.
  wrk has no rate, so the load at half of the maximum comes from a small client of this repository (\`bench/load/send-paced.ts\`):
  evenly spaced requests, latency counted from the instant a request was due, exact to about 0.1 ms.
- Model: LightGBM, ${trees} trees of at most 31 leaves, 11 floats, 7 classes, trained on ${data}; exported to ONNX.
  All run the same file with one thread of onnxruntime, but Flask, which runs the same booster in LightGBM.
- ${plan.rounds} round${plan.rounds === 1 ? '' : 's'}, each starting with another server; in each a server is started, checked on 100 rows (its label must be
  onnxruntime's), warmed up for ${plan.warmUpSeconds} s, then loaded for ${plan.maximumSeconds} s at full speed, ${plan.singleSeconds} s over one connection and ${plan.pacedSeconds} s at half
  of the rate just reached. Medians over the rounds.
- CPU is user and system time of the server's processes from /proc, Postgres not counted. RSS is their sum, before the load and after all of it.
- Plumbline runs with its default settings: validation, capture into its own embedded Postgres, metrics. The peers are in \`bench/peers/\`,
  with pinned requirements; they answer without validation of ranges, without model versions, and but for one without storing anything.`;
}

function machine(results: BenchResults): string {
  const { machine: m, postgres, packages } = results;
  const lines = [
    `- ${results.startedAt} to ${results.endedAt}; commit ${m.commit}`,
    `- load average at start ${results.loadAverageAtStart}, at end ${results.loadAverageAtEnd}`,
    `- ${m.processor}, ${m.cores} cores, ${m.memoryGib} GiB; ${m.system}`,
    `- Node ${m.node}, ${m.python}, ${m.wrk}, PostgreSQL ${postgres.version} (${postgres.durability})`,
    ...Object.entries(packages).map(
      ([name, list]) => `- Python environment ${name}: ${list.filter((line) => SHOWN_PACKAGES.test(line)).join(', ')}`,
    ),
  ];
  return `## Machine and versions\n\n${lines.join('\n')}`;
}
