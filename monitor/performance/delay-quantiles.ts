import type { DelayQuantiles } from './window-performance.js';

/** The bin of `DELAY_BINS` a delay falls into. @param seconds  a negative one (a clock that is off) counts as 0 */
export function delayBin(seconds: number, bins: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor(2 * Math.log2(Math.max(1, seconds)))));
}

/** Quantiles of delays counted by `delayBin`, at the geometric middle of their bin: within a factor of 2^(1/4). Null without any. */
export function delayQuantiles(counts: ArrayLike<number>): DelayQuantiles | null {
  const rows = Array.from(counts).reduce((sum, count) => sum + count, 0);
  if (rows <= 0) return null;
  const quantile = (share: number): number => {
    let below = 0;
    for (let bin = 0; bin < counts.length; bin++) {
      below += counts[bin]!;
      if (below >= share * rows) return 2 ** ((bin + 0.5) / 2);
    }
    return 2 ** ((counts.length - 0.5) / 2);
  };
  return { p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99) };
}
