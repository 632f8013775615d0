import { interquartileRange } from 'simple-statistics';
import { wassersteinDistance } from './wasserstein-distance.js';

/**
 * Wasserstein-1 distance in interquartile ranges of the reference (type 7 quantiles, `scipy.stats.iqr` 1.17). Without
 * unit, >= 0. To be preferred to `wassersteinOverSd` where tails are heavy: one outlier in the reference does not widen
 * the yardstick. One in the current window still adds its distance / M.
 * @param reference  at least one value, in any order, none of them NaN
 * @param current    at least one value, in any order, none of them NaN
 * @returns NaN when a sample is empty, and when half of the reference has one value (a range of 0): no scale to state
 * @throws RangeError  a value is NaN
 * @example wassersteinOverIqr([0, 1, 2, 3, 4], [2, 3, 4, 5, 6]) // 1
 */
export function wassersteinOverIqr(reference: readonly number[], current: readonly number[]): number {
  const distance = wassersteinDistance({ values: reference }, { values: current });
  if (Number.isNaN(distance)) return Number.NaN;
  const range = interquartileRange([...reference]);
  return range > 0 ? distance / range : Number.NaN;
}
