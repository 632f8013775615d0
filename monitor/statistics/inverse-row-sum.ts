/**
 * 1/N + 1/M, the sampling variance factor of a comparison of two windows of N and M rows.
 * Its inverse is the effective sample size of a two-sample test. One of the windows may be `Infinity`:
 * a distribution known without sampling error (a "fixed base").
 * @param caller  name of the statistic, put first in the error message
 * @throws RangeError  a row count is not above 0, or both are infinite
 */
export function inverseRowSum(caller: string, referenceRows: number, currentRows: number): number {
  if (!(referenceRows > 0) || !(currentRows > 0)) {
    throw new RangeError(
      `${caller} requires row counts above 0, got ${referenceRows} reference and ${currentRows} current rows`,
    );
  }
  const sum = 1 / referenceRows + 1 / currentRows;
  if (sum === 0) throw new RangeError(`${caller} requires at least one window with a finite row count`);
  return sum;
}
