import { benjaminiHochberg } from '../statistics/benjamini-hochberg.js';

/**
 * The p-value up to which a test of a window counts: Benjamini-Hochberg at rate q over all tests of all subjects. Where
 * none passes it is q / m, Bonferroni's, so that a null band can be drawn at it whatever comes out; each test that passes
 * gives the others a wider line. Without drift a window has any test below it with probability q at most (independent or
 * positively dependent tests); among those below it the expected share that is not drift is q at most.
 */
export function significanceLevel(pValues: readonly number[], q: number): number {
  if (pValues.length === 0) return q;
  const passing = benjaminiHochberg(pValues).filter((adjusted) => adjusted <= q).length;
  return (q * Math.max(1, passing)) / pValues.length;
}
