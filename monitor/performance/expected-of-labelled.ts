import { CONFIDENCE_BINS, type SumsLayout } from '../../core/performance/layout.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { expectedValues } from './expected-values.js';
import { wilsonInterval } from './wilson-interval.js';
import type { Performance } from './window-performance.js';

/**
 * What was expected of the very rows whose outcomes are known: accuracy of a classification, MAE and RMSE of a regression.
 * It is what the measured one is fairly held against, as rows with outcomes may be others than rows without.
 */
export function expectedOfLabelled(
  { referencePerformance }: Pick<ModelVersion, 'referencePerformance'>,
  layout: SumsLayout,
  sums: ArrayLike<number>,
): Performance | null {
  const frozen = referencePerformance!;
  const evidence = frozen.rows / (frozen.rows + sums[layout.rows]!);
  if (layout.values) return expectedValues(frozen, layout.values, sums, evidence);
  const { confidenceRows, confidence } = layout.classes!;
  const total = (first: number): number => {
    let sum = 0;
    for (let bin = 0; bin < CONFIDENCE_BINS; bin++) sum += sums[first + bin]!;
    return sum;
  };
  const rows = total(confidenceRows);
  if (rows === 0) return null;
  const right = total(confidence);
  const interval = wilsonInterval(right * evidence, rows * evidence);
  return {
    rows,
    metrics: [{ metric: 'accuracy', class: null, value: right / rows, ...interval, interval: 'wilson' }],
    confusion: null,
  };
}
