import { Counter, type CounterConfiguration, Histogram, type HistogramConfiguration, type Registry } from 'prom-client';

/** Names of the trace and span of an observation; shown in the OpenMetrics format alone. */
export interface Exemplar {
  trace_id: string;
  span_id: string;
}

/** Adds to a counter, or observes into a histogram, for one set of labels; the exemplar is for histograms that take them. */
export type Tally = (value: number, exemplar?: Exemplar) => void;

/**
 * A metric that a request adds plain numbers to, put into prom-client's when they are read: prom-client looks labels up at
 * each call, which costs more than the rest of what is done for metrics.
 */
export interface Tallied {
  /** The tally of a set of labels, in the order of `labelNames`; the series is there, at zero, from now on. */
  bind(...labels: string[]): Tally;
  /** Takes the series away; what its tally is told from then on counts for nothing. */
  remove(...labels: string[]): void;
}

interface Kept {
  tally: Tally;
  /** Puts what was tallied into the metric, and begins again at zero. */
  flush: () => void;
}

/** Creates a counter with tallies. */
export function createTalliedCounter<T extends string>(configuration: CounterConfiguration<T>): Tallied {
  const kept = new Map<string, Kept>();
  const metric = new Counter<T>({ ...configuration, collect: () => flushAll(kept) });
  return keep(kept, metric, (labels) => {
    const child = metric.labels(...labels);
    child.inc(0);
    let count = 0;
    return {
      tally: (value) => {
        count += value;
      },
      flush: () => {
        child.inc(count);
        count = 0;
      },
    };
  });
}

/** What prom-client keeps of a set of labels of a histogram. */
interface Series {
  labels: object;
  /** Observations by the upper bound of the first bucket that takes them. */
  bucketValues: Record<number, number>;
  sum: number;
  count: number;
}

/** What the types of prom-client leave out of a histogram. */
interface WithExemplars {
  /** Keeps the exemplar for the bucket of the value. */
  updateExemplar(labels: object, value: number, exemplar: object): void;
}

/** Creates a histogram with tallies. */
export function createTalliedHistogram<T extends string>(
  configuration: HistogramConfiguration<T> & { buckets: number[]; labelNames: readonly T[] },
): Tallied {
  const { buckets, labelNames, registers = [] } = configuration;
  const kept = new Map<string, Kept>();
  // prom-client refuses exemplars for a registry of the classic text when a metric is made with it, though that text only
  // leaves them out. `exposition` writes both formats.
  const metric = new Histogram<T>({ ...configuration, registers: [], collect: () => flushAll(kept) });
  for (const registry of registers) (registry as Registry).registerMetric(metric);
  return keep(kept, metric, (values) => {
    const labels = Object.fromEntries(labelNames.map((name, i) => [name, values[i]!])) as Record<T, string>;
    metric.zero(labels);
    // prom-client has no way to add several observations at once, so they go into its own record of the series.
    const { hashMap } = metric as unknown as { hashMap: Record<string, Series> };
    const series = Object.values(hashMap).find((each) => each.labels === labels)!;
    const counts = new Array<number>(buckets.length + 1).fill(0);
    let sum = 0;
    return {
      tally: (value, exemplar) => {
        let bucket = 0;
        while (bucket < buckets.length && value > buckets[bucket]!) bucket++;
        counts[bucket]!++;
        sum += value;
        if (exemplar) (metric as unknown as WithExemplars).updateExemplar(labels, value, { ...exemplar });
      },
      flush: () => {
        for (const [bucket, bound] of buckets.entries()) series.bucketValues[bound]! += counts[bucket]!;
        for (const count of counts) series.count += count;
        series.sum += sum;
        counts.fill(0);
        sum = 0;
      },
    };
  });
}

function keep(
  kept: Map<string, Kept>,
  metric: { remove(...labels: string[]): void },
  create: (labels: string[]) => Kept,
): Tallied {
  return {
    bind: (...labels) => {
      const key = JSON.stringify(labels);
      const made = kept.get(key) ?? create(labels);
      kept.set(key, made);
      return made.tally;
    },
    remove: (...labels) => {
      kept.delete(JSON.stringify(labels));
      metric.remove(...labels);
    },
  };
}

function flushAll(kept: Map<string, Kept>): void {
  for (const { flush } of kept.values()) flush();
}
