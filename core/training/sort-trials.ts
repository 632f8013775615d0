import type { TrialRecord } from './trials.js';

/** Metrics for which less is better. */
const LOSSES = new Set(['log_loss', 'mae', 'rmse']);

/** Complete trials from the best to the worst, then the others by number. */
export function sortTrials(trials: TrialRecord[]): TrialRecord[] {
  const sign = isLoss(trials[0]?.metric ?? '') ? 1 : -1;
  const rank = ({ state, score }: TrialRecord): number => (state === 'complete' ? sign * (score ?? 0) : Infinity);
  return [...trials].sort((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    return first === second ? a.number - b.number : first - second;
  });
}

/** Whether less of a metric is better. */
export function isLoss(metric: string): boolean {
  return LOSSES.has(metric);
}
