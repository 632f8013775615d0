import { type Counts, countRows } from './counts.js';

/**
 * How counts become proportions, which decides what an empty bin contributes:
 * - `pseudoCount` a: (count + a) / (rows + a * B), the same on both sides. 1/2 is the Jeffreys prior; 0 is none, and
 *   then a bin empty on one side only makes the index infinite.
 * - `emptyBinShare` e: count / rows, and e where that is 0, without renormalising. Only for comparing with tools that
 *   do so: such a bin contributes about q * ln(q / e), so the choice of e becomes the answer.
 */
export type PsiSmoothing = { readonly pseudoCount: number } | { readonly emptyBinShare: number };

const JEFFREYS_PRIOR: PsiSmoothing = { pseudoCount: 0.5 };

/**
 * Population stability index of two binned samples: sum over bins of (q - p) * ln(q / p), with p and q the smoothed
 * proportions of reference and current, by default (count + 1/2) / (rows + B/2) on both sides.
 * Equals the Jeffreys (symmetrised Kullback-Leibler) divergence of p and q. In nats, >= 0, symmetric in its windows.
 * Grows with fewer rows and more bins even without drift (mean about (B - 1) * (1/N + 1/M)), so compare it only with a
 * threshold at this window size: `psiNullBand` (Yurdakul & Naranjo 2020). Bins must be frozen on the reference: edges
 * that follow the current window hide drift behind one outlier. Smoothing pulls both sides towards equal shares, the
 * smaller window more, so equal proportions at unequal window sizes give a little above 0 unless the shares are equal.
 * @param reference  counts per bin, length B >= 2
 * @param current    counts in the same bins and order
 * @param options    `smoothing`, see `PsiSmoothing`
 * @throws RangeError  lengths differ, B < 2, a count is negative or not finite, a window is empty, or the smoothing is
 *   negative or not finite
 * @example psi([40, 30, 30], [35, 25, 40], { smoothing: { pseudoCount: 0 } }) // 0.0445609...
 */
export function psi(reference: Counts, current: Counts, options: { readonly smoothing?: PsiSmoothing } = {}): number {
  const { referenceRows, currentRows } = countRows('psi', reference, current, 2);
  if (referenceRows === 0 || currentRows === 0) {
    throw new RangeError(
      `psi requires rows in both windows, got ${referenceRows} reference and ${currentRows} current rows`,
    );
  }
  const smoothing = options.smoothing ?? JEFFREYS_PRIOR;
  assertSmoothing(smoothing);
  const bins = reference.length;
  let index = 0;
  for (let bin = 0; bin < bins; bin++) {
    const p = share(reference[bin]!, referenceRows, bins, smoothing);
    const q = share(current[bin]!, currentRows, bins, smoothing);
    // Equal shares add nothing; this also keeps a bin empty on both sides from giving 0 * ln(0 / 0).
    if (p !== q) index += (q - p) * Math.log(q / p);
  }
  return index;
}

function share(count: number, rows: number, bins: number, smoothing: PsiSmoothing): number {
  if ('emptyBinShare' in smoothing) return count === 0 ? smoothing.emptyBinShare : count / rows;
  return (count + smoothing.pseudoCount) / (rows + smoothing.pseudoCount * bins);
}

function assertSmoothing(smoothing: PsiSmoothing): void {
  const amount = 'emptyBinShare' in smoothing ? smoothing.emptyBinShare : smoothing.pseudoCount;
  if (!(amount >= 0 && amount < Infinity)) {
    throw new RangeError(`psi requires a smoothing that is finite and not negative, got ${amount}`);
  }
}
