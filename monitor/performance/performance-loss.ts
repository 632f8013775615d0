import type { Metric } from '../../core/manifest/manifest.js';
import type { MetricValue, Performance } from './window-performance.js';

/** How much worse a window is than the rows at registration, as a part of it: 0.1 is a tenth worse, less than 0 better. */
export interface PerformanceLoss {
  value: number;
  /** The least that the 95 % interval of the window allows; null where there is no interval. */
  atLeast: number | null;
}

/**
 * The loss by one metric: (reference - window) / reference where more is better, (window - reference) / reference where
 * less is. The reference counts as exact. Undefined where either is not known or the reference is 0.
 */
export function performanceLoss(
  metric: Metric,
  reference: Performance | null | undefined,
  window: Performance | null | undefined,
): PerformanceLoss | undefined {
  const [before, now] = [reference, window].map((performance) => overall(metric, performance));
  if (!before || !now || before.value === 0) return undefined;
  const isLess = metric === 'accuracy';
  const loss = (value: number): number => (isLess ? before.value - value : value - before.value) / before.value;
  const best = isLess ? now.high : now.low;
  return { value: loss(now.value), atLeast: best === null ? null : loss(best) };
}

function overall(metric: Metric, performance: Performance | null | undefined): MetricValue | undefined {
  return performance?.metrics.find((value) => value.metric === metric && value.class === null);
}
