import type { Manifest } from '../../core/manifest/manifest.js';
import type { Comparison } from './compare.js';

/** What to do with a challenger, and why, in words. */
export interface Decision {
  decision: 'promote' | 'keep' | 'ask';
  reason: string;
}

/**
 * Decides on a challenger. Promote when even the lower end of the 95 % interval of the improvement lies above the least
 * improvement that the manifest asks for, or ask a person where the manifest says so; keep the champion otherwise.
 */
export function decide(
  comparison: Pick<Comparison, 'metric' | 'champion' | 'challenger' | 'improvement' | 'interval'>,
  retraining: Pick<Manifest['retraining'], 'minimumImprovement' | 'promotion'>,
): Decision {
  const better = comparison.interval.low > retraining.minimumImprovement;
  const reason = explain(comparison, retraining.minimumImprovement, better);
  if (!better) return { decision: 'keep', reason };
  return { decision: retraining.promotion === 'manual' ? 'ask' : 'promote', reason };
}

function explain(comparison: Parameters<typeof decide>[0], minimum: number, better: boolean): string {
  const { metric, champion, challenger, improvement, interval } = comparison;
  const digits = digitsFor(improvement, interval.high - interval.low);
  const show = (value: number): string => value.toFixed(digits);
  return `challenger's ${metric} ${show(challenger)} against ${show(champion)}: improvement ${show(improvement)}, 95 % interval ${show(interval.low)} to ${show(interval.high)} ${better ? 'lies' : 'does not lie'} above ${minimum}`;
}

/** Two significant digits of the interval's width, between 0 and 6 decimals. */
function digitsFor(improvement: number, width: number): number {
  const scale = Math.max(Math.abs(improvement), width);
  if (!(scale > 0)) return 3;
  return Math.min(6, Math.max(0, 2 - Math.ceil(Math.log10(scale))));
}
