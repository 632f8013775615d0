import type { KsPValueInput } from './ks-asymptotic-p-value.js';

/** Lattice points above which the walk would take seconds: 1e8 take about a third of one. */
const MOST_LATTICE_POINTS = 1e8;

/**
 * Exact two-sided p-value of the two-sample Kolmogorov-Smirnov statistic: the probability of a D at least this large
 * when all orders of the N + M pooled values are equally likely (Hodges 1958, "The significance probability of the
 * Smirnov two-sample test"). Equals `scipy.stats.ks_2samp(method='exact')` (1.17). In [0, 1]; NaN for a NaN statistic.
 * An order is a lattice path from (0, 0) to (N, M); the walk carries the probability of being at each point without
 * having met |i/N - j/M| >= D, and adds up what meets it. Only positive terms are added, so tiny p-values keep their
 * digits. At most N*M steps, memory for the smaller window.
 * Exact for continuous values; with ties it is too large (errs towards no alarm).
 * @throws RangeError  D is outside [0, 1], a row count is not a whole number above 0, or N*M is above 1e8
 * @example ksExactPValue({ statistic: 0.625, referenceRows: 8, currentRows: 8 }) // 0.0870...
 */
export function ksExactPValue({ statistic, referenceRows, currentRows }: KsPValueInput): number {
  if (Number.isNaN(statistic)) return Number.NaN;
  if (!(statistic >= 0 && statistic <= 1)) {
    throw new RangeError(`ksExactPValue requires a statistic between 0 and 1, got ${statistic}`);
  }
  assertWalkable(referenceRows, currentRows);
  const long = Math.max(referenceRows, currentRows);
  const short = Math.min(referenceRows, currentRows);
  // D is a whole number of 1/(N*M); the allowance takes back the rounding of the division that made it.
  const limit = Math.ceil(statistic * long * short - 1e-6);
  return limit <= 0 ? 1 : Math.min(1, crossingProbability(long, short, limit));
}

/** Probability that a random path from (0, 0) to (long, short) meets |i * short - j * long| >= limit. */
function crossingProbability(long: number, short: number, limit: number): number {
  const inside = new Float64Array(short + 1);
  inside[0] = 1;
  let crossed = 0;
  let first = 0;
  for (let i = 0; i <= long; i++) {
    // Points (i, j) strictly between the limits; the walk can also be just outside: above `last`, or below `low`
    // where the row before still was inside.
    const low = Math.max(0, Math.floor((i * short - limit) / long) + 1);
    const last = Math.min(short, Math.ceil((i * short + limit) / long) - 1);
    for (let j = first; j <= Math.min(short, last + 1); j++) {
      if (i + j === 0) continue;
      const fromShorter = j > first ? inside[j - 1]! * (short - j + 1) : 0;
      const probability = (inside[j]! * (long - i + 1) + fromShorter) / (long + short - i - j + 1);
      const isInside = j >= low && j <= last;
      if (!isInside) crossed += probability;
      inside[j] = isInside ? probability : 0;
    }
    first = low;
  }
  return crossed;
}

function assertWalkable(referenceRows: number, currentRows: number): void {
  for (const rows of [referenceRows, currentRows]) {
    if (!(Number.isInteger(rows) && rows > 0)) {
      throw new RangeError(`ksExactPValue requires whole row counts above 0, got ${referenceRows} and ${currentRows}`);
    }
  }
  if (referenceRows * currentRows > MOST_LATTICE_POINTS) {
    throw new RangeError(
      `ksExactPValue requires at most ${MOST_LATTICE_POINTS} pairs of rows, got ${referenceRows} * ${currentRows}: use ksAsymptoticPValue`,
    );
  }
}
