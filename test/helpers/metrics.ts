import { readdirSync, readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { packagePath } from '../../core/package-path.js';
import { createMetrics as createMonitorMetrics } from '../../monitor/metrics/metrics.js';
import { createServiceMetrics } from '../../service/metrics/metrics.js';
import { createWorkerMetrics } from '../../service/workers/worker-metrics.js';
import { createMetrics as createTrainerMetrics } from '../../trainer/metrics.js';

/** Every metric of the three processes by name, with its type. */
export async function exportedMetrics(): Promise<Map<string, string>> {
  const monitor = new Registry();
  createMonitorMetrics(monitor);
  const workers = new Registry();
  createWorkerMetrics(workers);
  const service = createServiceMetrics({ waitingRows: () => 0 }).registry;
  const trainer = createTrainerMetrics().registry;
  const lists = await Promise.all([service, workers, monitor, trainer].map((registry) => registry.getMetricsAsJSON()));
  return new Map(lists.flat().map(({ name, type }) => [name, String(type)]));
}

/** Names of the series that the recording rules of `prometheus/rules` make. */
export function recordedSeries(): string[] {
  const names = readdirSync(packagePath('prometheus/rules'));
  const files = names.map((name) => parse(readFileSync(packagePath(`prometheus/rules/${name}`), 'utf8')) as RuleFile);
  return files.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? [])));
}

interface RuleFile {
  groups: { rules: { record?: string }[] }[];
}
