import { type Counts, countRows } from './counts.js';

/**
 * Jensen-Shannon divergence of two binned samples in bits: H((p + q) / 2) - (H(p) + H(q)) / 2 with H the entropy in
 * base 2 and p, q the shares. No smoothing: an empty bin is no difficulty. In [0, 1], symmetric; 1 when no bin has rows
 * of both. This is what TensorFlow Data Validation and Vertex AI call Jensen-Shannon divergence. Its square root is
 * `jensenShannonDistanceBase2`; times ln 2 it is in nats.
 * For small differences about an eighth of the population stability index divided by ln 2, and as that it is above 0
 * without drift: about (B - 1) * (1/N + 1/M) / (8 ln 2).
 * Source: Lin 1991, "Divergence measures based on the Shannon entropy".
 * @param reference  counts per bin, length B >= 1
 * @param current    counts in the same bins and order
 * @returns NaN when a window is empty
 * @throws RangeError  lengths differ, there is no bin, or a count is negative or not finite
 * @example jensenShannonDivergenceBase2([1, 0], [0, 1]) // 1
 */
export function jensenShannonDivergenceBase2(reference: Counts, current: Counts): number {
  const { referenceRows, currentRows } = countRows('jensenShannonDivergenceBase2', reference, current, 1);
  if (referenceRows === 0 || currentRows === 0) return Number.NaN;
  let divergence = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    const p = reference[bin]! / referenceRows;
    const q = current[bin]! / currentRows;
    const middle = (p + q) / 2;
    if (p > 0) divergence += (p * Math.log2(p / middle)) / 2;
    if (q > 0) divergence += (q * Math.log2(q / middle)) / 2;
  }
  // Rounding may leave -1e-17 where the shares are equal.
  return Math.min(1, Math.max(0, divergence));
}
