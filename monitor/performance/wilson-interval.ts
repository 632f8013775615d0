/** The 97.5 % quantile of the standard normal distribution: ends of 95 % intervals lie this many standard errors away. */
export const Z95 = 1.959963984540054;

/** An interval; both ends null where there is none to be had. */
export interface Interval {
  low: number | null;
  high: number | null;
}

/** No interval. */
export const NO_INTERVAL: Interval = { low: null, high: null };

/**
 * 95 % score interval of a share, without continuity correction (Wilson 1927). Lies in [0, 1] and is sound at few rows and
 * at shares of 0 and 1, where the normal interval is not.
 * @param successes, rows  0 <= successes <= rows; they may be fractions (expected counts)
 */
export function wilsonInterval(successes: number, rows: number): Interval {
  if (rows <= 0) return NO_INTERVAL;
  const share = Math.min(1, successes / rows);
  const z2 = Z95 * Z95;
  const centre = (share + z2 / (2 * rows)) / (1 + z2 / rows);
  const half = (Z95 / (1 + z2 / rows)) * Math.sqrt((share * (1 - share)) / rows + z2 / (4 * rows * rows));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** 95 % interval of a mean by the normal approximation, `value` plus and minus 1.96 standard errors, cut off at `least`. */
export function normalInterval(value: number, standardError: number, least = Number.NEGATIVE_INFINITY): Interval {
  if (!Number.isFinite(value) || !Number.isFinite(standardError)) return NO_INTERVAL;
  return { low: Math.max(least, value - Z95 * standardError), high: value + Z95 * standardError };
}
