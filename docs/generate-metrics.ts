import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { packagePath } from '../core/package-path.js';
import { watchPools } from '../core/postgres/pool-metrics.js';
import { measureRequests } from '../core/telemetry/measure-requests.js';
import { collectProcessMetrics } from '../core/telemetry/process-metrics.js';
import { createMetrics as createMonitorMetrics } from '../monitor/metrics/metrics.js';
import { MOST_FEATURES } from '../monitor/metrics/most-features.js';
import { createServiceMetrics } from '../service/metrics/metrics.js';
import { createWorkerMetrics } from '../service/workers/worker-metrics.js';
import { createMetrics as createTrainerMetrics } from '../trainer/metrics.js';

/** A metric as a process exports it. */
export interface ExportedMetric {
  name: string;
  type: string;
  help: string;
  labelNames: string[];
  /** Which processes export it. */
  processes: string[];
}

/** Every metric of every process, by name within the processes; those of prom-client are of all three. */
export function exportedMetrics(): ExportedMetric[] {
  const monitor = new Registry();
  collectProcessMetrics(monitor);
  createMonitorMetrics(monitor);
  const { registry: trainer } = createTrainerMetrics();
  for (const registry of [monitor, trainer]) measureRequests(registry, []);
  const { registry: service } = createServiceMetrics({ waitingRows: () => 0 });
  createWorkerMetrics(service);
  const byName = new Map<string, ExportedMetric>();
  for (const [process, registry] of Object.entries({ service, monitor, trainer })) {
    watchPools(registry, {});
    for (const metric of registry.getMetricsAsArray() as unknown as Omit<ExportedMetric, 'processes'>[]) {
      const { name, type, help, labelNames } = metric;
      const known = byName.get(name);
      if (known) known.processes.push(process);
      else byName.set(name, { name, type, help, labelNames, processes: [process] });
    }
  }
  return [...byName.values()];
}

/** Names that recording rules make, with the file of each. */
export function recordedMetrics(): { name: string; file: string }[] {
  const files = readdirSync(packagePath('prometheus/rules')).sort();
  return files.flatMap((file) => {
    const { groups } = parse(readFileSync(packagePath(`prometheus/rules/${file}`), 'utf8')) as {
      groups: { rules: { record?: string }[] }[];
    };
    const names = groups.flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? []));
    return names.map((name) => ({ name, file }));
  });
}

const UNITS = ['timestamp_seconds', 'seconds', 'bytes', 'ratio', 'rows', 'nats', 'connections', 'queries', 'runs'];

/** The unit that a name ends in; counters without one count what their name says. */
function unitOf(name: string): string {
  const unit = UNITS.find((each) => name.replace(/_(total|threshold)$/, '').endsWith(`_${each}`));
  if (unit === 'timestamp_seconds') return 'seconds since 1970';
  return unit ?? (name.endsWith('_total') ? 'count' : '');
}

const isOfAnyProcess = ({ name }: ExportedMetric): boolean => /^(process|nodejs)_/.test(name);
const code = (text: string): string => `\`${text}\``;

function rowOf({ name, type, labelNames, help, processes }: ExportedMetric): string {
  const labels = labelNames.map(code).join(', ');
  return `| ${code(name)} | ${type} | ${labels} | ${unitOf(name)} | ${help} | ${processes.join(', ')} |`;
}

const HEAD = ['| name | type | labels | unit | meaning | process |', '|---|---|---|---|---|---|'];

/** The text of `docs/metrics.md`. */
export function renderMetrics(): string {
  const metrics = exportedMetrics();
  const perFeature = metrics.filter(({ labelNames }) => labelNames.includes('feature')).length;
  const lines = [
    '# Metrics',
    '',
    'Made by `npm run docs` from the code. Each process serves its own at `/metrics`, in the classic text or, where that is asked',
    'for, as OpenMetrics with exemplars. Names end in their unit; `_threshold` behind the name of a metric is what it is held',
    'against, from the manifest of the model or from a setting.',
    '',
    '**How many series.** Every label has a closed set of values: routes, states, reasons, results are those of the code and are',
    'there from the start, at zero. Models and versions are those that are loaded (service) or champions (monitor); the series of',
    `a version go when it is retired. Of a model at most ${MOST_FEATURES} features have series, the drifting ones first, at most ${perFeature} each. No`,
    'label holds an id, a feature value, a path as it was asked for, or the text of an error.',
    '',
    '## Of Plumbline',
    '',
    ...HEAD,
    ...metrics.filter((metric) => !isOfAnyProcess(metric)).map(rowOf),
    '',
    '## Of any Node process',
    '',
    'By [prom-client](https://github.com/siimon/prom-client), on Linux.',
    '',
    ...HEAD,
    ...metrics.filter(isOfAnyProcess).map(rowOf),
    '',
    '## Recorded by Prometheus',
    '',
    '| name | file in `prometheus/rules/` |',
    '|---|---|',
    ...recordedMetrics().map(({ name, file }) => `| ${code(name)} | ${file} |`),
  ];
  return `${lines.join('\n')}\n`;
}

if (process.argv[1]?.endsWith('generate-metrics.js')) {
  await writeFile(packagePath('docs/metrics.md'), renderMetrics());
}
