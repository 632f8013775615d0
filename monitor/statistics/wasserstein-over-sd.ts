import { standardDeviation } from 'simple-statistics';
import { wassersteinDistance } from './wasserstein-distance.js';

/**
 * Wasserstein-1 distance in standard deviations of the reference (divisor N, as `numpy.std`). Without unit, >= 0.
 * Evidently 0.7 computes the same with a floor of 0.001 on the deviation; here a deviation of 0 gives NaN.
 * With heavy tails the deviation is that of a few extreme rows and hides a shift of the rest: see `wassersteinOverIqr`.
 * @param reference  in any order, none of them NaN
 * @param current    in any order, none of them NaN
 * @returns NaN when a sample is empty or the reference is constant
 * @throws RangeError  a value is NaN
 * @example wassersteinOverSd([-1, 1], [0, 2]) // 1
 */
export function wassersteinOverSd(reference: readonly number[], current: readonly number[]): number {
  const distance = wassersteinDistance({ values: reference }, { values: current });
  if (Number.isNaN(distance)) return Number.NaN;
  const deviation = standardDeviation([...reference]);
  return deviation > 0 ? distance / deviation : Number.NaN;
}
