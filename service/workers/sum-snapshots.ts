import { type Metric, Registry } from 'prom-client';

/** One line of a metric. */
interface Sample {
  value: number;
  labels: Record<string, string | number>;
  /** Of a histogram: the name with `_bucket`, `_sum` or `_count`. */
  metricName?: string | undefined;
  exemplar?: { timestamp?: number } | null | undefined;
}

/** A metric of one process as it is sent to another. */
export interface SnapshotMetric {
  name: string;
  help: string;
  type: string;
  /** How values of several processes become one; `sum` unless the metric says otherwise. */
  aggregator: string;
  values: Sample[];
}

/** All metrics of one process at one time. */
export type Snapshot = SnapshotMetric[];

/** Reads all metrics of a registry. */
export async function takeSnapshot(registry: Registry): Promise<Snapshot> {
  return (await registry.getMetricsAsJSON()) as unknown as Snapshot;
}

const REDUCE: Record<string, (a: number, b: number) => number> = {
  sum: (a, b) => a + b,
  min: Math.min,
  max: Math.max,
  first: (a) => a,
  // Of delays, the worst process is what a client may meet.
  average: Math.max,
};

/**
 * The metrics of several processes as those of one, each by its aggregator: what is said to be averaged is a delay, and
 * the greatest stands for all; what has no aggregator that makes sense over processes (`omit`) is that of the first. Of
 * exemplars the newest stays.
 */
export function sumSnapshots(snapshots: readonly Snapshot[]): Snapshot {
  const sums = new Map<string, SnapshotMetric & { byLabels: Map<string, Sample> }>();
  for (const metric of snapshots.flat()) {
    const sum = sums.get(metric.name) ?? { ...metric, values: [], byLabels: new Map<string, Sample>() };
    sums.set(metric.name, sum);
    const reduce = REDUCE[metric.aggregator] ?? REDUCE.first!;
    for (const sample of metric.values) addSample(sum.byLabels, sample, reduce);
  }
  return [...sums.values()].map(({ byLabels, ...metric }) => ({ ...metric, values: [...byLabels.values()] }));
}

function addSample(byLabels: Map<string, Sample>, sample: Sample, reduce: (a: number, b: number) => number): void {
  const labels = Object.entries(sample.labels).map(([name, value]) => [name, String(value)]);
  const key = JSON.stringify([sample.metricName, labels.sort(([a], [b]) => (a! < b! ? -1 : 1))]);
  const before = byLabels.get(key);
  if (!before) return void byLabels.set(key, { ...sample });
  before.value = reduce(before.value, sample.value);
  if ((sample.exemplar?.timestamp ?? 0) > (before.exemplar?.timestamp ?? 0)) before.exemplar = sample.exemplar;
}

/** A registry that shows a snapshot, in the same format as `like`. */
export function toRegistry(snapshot: Snapshot, like: Registry): Registry {
  const registry = new Registry();
  registry.setContentType(like.contentType);
  for (const metric of snapshot) {
    const shown = { ...metric, get: async () => shown };
    registry.registerMetric(shown as unknown as Metric);
  }
  return registry;
}
