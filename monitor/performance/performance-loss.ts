import type { Metric } from '../../core/manifest/manifest.js';
import type { MetricValue, Performance, PerformanceLoss } from './window-performance.js';

/**
 * The loss by one metric: (reference - window) / reference where more is better, (window - reference) / reference where
 * less is. Its ends: the distances to the ends of both intervals, those of the reference times window / reference, added as
 * squares (MOVER, Zou & Donner 2008, to first order in the reference); both count as independent, so those of an estimate,
 * which rests on the reference's rows too, are wider than need be. Undefined where either is not known or the reference is 0.
 */
export function performanceLoss(
  metric: Metric,
  reference: Performance | null | undefined,
  window: Performance | null | undefined,
): PerformanceLoss | undefined {
  const [before, now] = [reference, window].map((performance) => overall(metric, performance));
  if (!before || !now || before.value === 0) return undefined;
  const sign = metric === 'accuracy' ? -1 : 1;
  const value = (sign * (now.value - before.value)) / before.value;
  const [best, worst] = sign < 0 ? [now.high, now.low] : [now.low, now.high];
  const [low, high] = sign < 0 ? [before.low, before.high] : [before.high, before.low];
  if (best === null || worst === null || low === null || high === null) return { value, atLeast: null, atMost: null };
  const half = (ofWindow: number, ofReference: number): number =>
    Math.hypot(ofWindow - now.value, ((ofReference - before.value) * now.value) / before.value) / before.value;
  return { value, atLeast: value - half(best, low), atMost: value + half(worst, high) };
}

function overall(metric: Metric, performance: Performance | null | undefined): MetricValue | undefined {
  return performance?.metrics.find((value) => value.metric === metric && value.class === null);
}
