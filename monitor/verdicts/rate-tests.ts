import type { SubjectProfile } from '../../core/reference/profile.js';
import { binomialLowerBound } from '../statistics/binomial-lower-bound.js';
import { exceedancePValue } from '../statistics/exceedance-p-value.js';
import { fisherExactPValue } from '../statistics/fisher-exact-p-value.js';
import { fisherExactUpperPValue } from '../statistics/fisher-exact-upper-p-value.js';
import { newcombeInterval } from '../statistics/newcombe-interval.js';
import { wilsonInterval } from '../statistics/wilson-interval.js';
import { sum } from './cells.js';
import type { MethodTest } from './method-test.js';
import { chooseEffects, type SubjectSettings } from './subject-monitoring.js';
import { percent, points } from './words.js';

type CompareRates = (subject: SubjectProfile, counts: ArrayLike<number>, settings: SubjectSettings) => MethodTest;

/** The tests of rates that fit a subject and are asked for. */
export function compareRates(
  subject: SubjectProfile,
  counts: ArrayLike<number>,
  settings: SubjectSettings,
): MethodTest[] {
  const tests: [boolean, CompareRates][] = [
    [settings.methods.includes('missing'), compareMissing],
    [settings.methods.includes('unseen') && subject.categories !== undefined, compareUnseen],
    [settings.methods.includes('out-of-range') && (subject.edges?.length ?? 0) > 0, compareOutOfRange],
  ];
  return tests.flatMap(([applies, compare]) => (applies ? [compare(subject, counts, settings)] : []));
}

/** Fisher's exact test of the share that is missing, in either direction. */
const compareMissing: CompareRates = (subject, counts, settings) => {
  const reference = { count: subject.counts.at(-1)!, rows: sum(subject.counts) };
  const current = { count: counts[counts.length - 1]!, rows: sum(counts) };
  const [then, now] = [reference.count / reference.rows, current.count / current.rows];
  const { low, high } = newcombeInterval({ reference, current });
  const words = `${percent(now)} missing, ${percent(then)} in the reference (95 % interval of the change ${points(low)} to ${points(high)} points)`;
  return {
    pValue: fisherExactPValue({ reference: split(reference), current: split(current) }),
    effects: chooseEffects(settings, { missing: { value: Math.abs(now - then), words } }),
  };
};

/**
 * One-sided exact test of the share in unseen categories. A reference that the categories were read off has none; but a row of
 * it whose category no other row has would have been unseen without itself, so that many are to be expected (Good 1953). One
 * that a present population was taken for may have more.
 */
const compareUnseen: CompareRates = (subject, counts, settings) => {
  const count = Math.max(subject.counts.at(-2)!, subject.singletons ?? 0);
  const reference = { count, rows: sum(subject.counts) };
  const current = { count: counts[counts.length - 2]!, rows: sum(counts) };
  const [expected, now] = [reference.count / reference.rows, current.count / current.rows];
  const bound = binomialLowerBound(current.count, current.rows, 0.99);
  const words = `${percent(now)} in unseen categories, ${percent(expected)} in the reference (at least ${percent(bound)} with 99 % confidence)`;
  return {
    pValue: fisherExactUpperPValue({ reference: split(reference), current: split(current) }),
    effects: chooseEffects(settings, { unseen: { value: Math.max(0, now - expected), words } }),
  };
};

/** Exact test of the rows beyond the reference's least or greatest value, the more striking side counted twice. */
const compareOutOfRange: CompareRates = (subject, counts, settings) => {
  const bins = subject.edges!.length;
  const referenceRows = sum(subject.counts) - subject.counts.at(-1)!;
  const currentRows = sum(counts) - counts[counts.length - 1]!;
  if (referenceRows === 0 || currentRows === 0) return { pValue: 1, effects: [] };
  const [below, above] = [counts[0]!, counts[bins]!];
  const oneSided = Math.min(
    ...[below, above].map((beyond) => exceedancePValue({ referenceRows, currentRows, beyond })),
  );
  const value = (below + above) / currentRows;
  const { low, high } = wilsonInterval(below + above, currentRows);
  const sides = `${percent(below / currentRows)} below, ${percent(above / currentRows)} above`;
  const words = `${percent(value)} outside the range of the reference (${sides}; 95 % interval ${percent(low)} to ${percent(high)})`;
  return {
    pValue: Math.min(1, 2 * oneSided),
    effects: chooseEffects(settings, { 'out-of-range': { value, words } }),
  };
};

function split({ count, rows }: { count: number; rows: number }): { inside: number; outside: number } {
  return { inside: count, outside: rows - count };
}
