/** Ratio between the bounds of a bucket: a quantile is at most 2 % above the true one. */
const RATIO = 1.02;
const LEAST_MS = 0.01;

/** Durations in milliseconds, kept as counts so that a run of days needs no more memory than one of seconds. */
export interface Latency {
  add(ms: number): void;
  /** The duration that a share `q` of all do not exceed, at most 2 % too high; null when nothing was added. */
  quantile(q: number): number | null;
}

/** Creates an empty `Latency`: logarithmic buckets from 0.01 ms on. */
export function createLatency(): Latency {
  const counts = new Map<number, number>();
  let total = 0;
  return {
    add: (ms) => {
      const bucket = Math.max(0, Math.ceil(Math.log(Math.max(ms, LEAST_MS) / LEAST_MS) / Math.log(RATIO)));
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
      total++;
    },
    quantile: (q) => {
      if (total === 0) return null;
      let left = Math.max(1, Math.ceil(q * total));
      const buckets = [...counts].sort(([a], [b]) => a - b);
      for (const [bucket, count] of buckets) {
        left -= count;
        if (left <= 0) return Number((LEAST_MS * RATIO ** bucket).toPrecision(4));
      }
      return null;
    },
  };
}
