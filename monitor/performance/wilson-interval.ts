import { wilsonInterval as shareInterval, Z_95 } from '../statistics/wilson-interval.js';

/** The 97.5 % quantile of the standard normal distribution: ends of 95 % intervals lie this many standard errors away. */
export const Z95 = Z_95;

/** An interval; both ends null where there is none to be had. */
export interface Interval {
  low: number | null;
  high: number | null;
}

/** No interval. */
export const NO_INTERVAL: Interval = { low: null, high: null };

/**
 * 95 % score interval of a share (`monitor/statistics/wilson-interval.ts`); none without rows.
 * @param successes, rows  0 <= successes <= rows; they may be fractions (expected counts)
 */
export function wilsonInterval(successes: number, rows: number): Interval {
  return rows <= 0 ? NO_INTERVAL : shareInterval(Math.min(successes, rows), rows);
}

/** 95 % interval of a mean by the normal approximation, `value` plus and minus 1.96 standard errors, cut off at `least`. */
export function normalInterval(value: number, standardError: number, least = Number.NEGATIVE_INFINITY): Interval {
  if (!Number.isFinite(value) || !Number.isFinite(standardError)) return NO_INTERVAL;
  return { low: Math.max(least, value - Z95 * standardError), high: value + Z95 * standardError };
}
