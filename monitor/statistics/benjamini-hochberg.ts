/**
 * Benjamini-Hochberg adjusted p-values, in the order given. The i-th smallest of m becomes the least p_j * m / j over
 * j >= i, at most 1. Rejecting every hypothesis whose adjusted p-value is <= q keeps the expected share of false
 * rejections among the rejections at q or below (false discovery rate), for independent or positively dependent tests.
 * Equals `scipy.stats.false_discovery_control(ps, method='bh')` (1.17). Needs all p-values of the family: leaving out
 * the features that looked fine makes it wrong.
 * Source: Benjamini & Hochberg 1995, section 3.1.
 * @param pValues  any length, empty allowed
 * @throws RangeError  a p-value is outside [0, 1] or NaN
 * @example benjaminiHochberg([0.01, 0.04, 0.03]) // [0.03, 0.04, 0.04]
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const outside = pValues.findIndex((pValue) => !(pValue >= 0 && pValue <= 1));
  if (outside >= 0) {
    throw new RangeError(
      `benjaminiHochberg requires p-values between 0 and 1, got ${pValues[outside]} at index ${outside}`,
    );
  }
  const fromLargest = pValues.map((pValue, index) => ({ pValue, index })).sort((a, b) => b.pValue - a.pValue);
  const adjusted = new Array<number>(pValues.length);
  let least = 1;
  fromLargest.forEach(({ pValue, index }, position) => {
    const rank = pValues.length - position;
    least = Math.min(least, (pValue * pValues.length) / rank);
    adjusted[index] = least;
  });
  return adjusted;
}
