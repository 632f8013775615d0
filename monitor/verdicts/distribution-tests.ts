import type { SubjectProfile } from '../../core/reference/profile.js';
import { chiSquareHomogeneity } from '../statistics/chi-square-homogeneity.js';
import { jensenShannonDistanceBase2 } from '../statistics/jensen-shannon-distance-base2.js';
import { ksAsymptoticPValue } from '../statistics/ks-asymptotic-p-value.js';
import { ksFromCounts } from '../statistics/ks-from-counts.js';
import { largestShareDifference } from '../statistics/largest-share-difference.js';
import { psi } from '../statistics/psi.js';
import { psiPValue } from '../statistics/psi-p-value.js';
import { quantileFromCounts } from '../statistics/quantile-from-counts.js';
import { wassersteinFromCounts } from '../statistics/wasserstein-from-counts.js';
import { orderedBins, pooledCells, sum } from './cells.js';
import type { MethodTest } from './method-test.js';
import { chooseEffects, type SubjectSettings } from './subject-monitoring.js';

/** PSI of a subject and the sizes it was computed at. */
export interface CellsComparison extends MethodTest {
  psi: number;
  referenceRows: number;
  currentRows: number;
  bins: number;
}

/** PSI over the cells with its chi-square line; the other distances of the same shares have the same test. */
export function compareCells(
  subject: SubjectProfile,
  counts: ArrayLike<number>,
  settings: SubjectSettings,
): CellsComparison {
  const { reference, current } = pooledCells(subject, counts);
  const sizes = { referenceRows: sum(reference), currentRows: sum(current), bins: reference.length };
  const value = psi(reference, current);
  const effects = chooseEffects(settings, {
    psi: { value },
    'jensen-shannon': { value: jensenShannonDistanceBase2(reference, current) },
    ...(subject.categories && { share: { value: largestShareDifference(reference, current) } }),
  });
  return { psi: value, ...sizes, pValue: psiPValue({ psi: value, ...sizes }), effects };
}

/** KS of a numeric subject and the rows that have a value. */
export interface OrderComparison extends MethodTest {
  ksStatistic: number;
  referenceRows: number;
  currentRows: number;
}

/** KS over the fine bins; undefined for a categorical subject and where a window has no value. */
export function compareOrder(
  subject: SubjectProfile,
  counts: ArrayLike<number>,
  settings: SubjectSettings,
): OrderComparison | undefined {
  if (subject.categories) return undefined;
  const [reference, current] = [orderedBins(subject.counts), orderedBins(counts)];
  const [referenceRows, currentRows] = [sum(reference), sum(current)];
  if (referenceRows === 0 || currentRows === 0) return undefined;
  const { statistic } = ksFromCounts(reference, current);
  const effects = chooseEffects(settings, {
    ks: { value: statistic },
    wasserstein: { value: wassersteinInRanges(subject.edges ?? [], reference, current) },
  });
  const pValue = ksAsymptoticPValue({ statistic, referenceRows, currentRows });
  return { ksStatistic: statistic, referenceRows, currentRows, pValue, effects };
}

/** NaN where half of the reference has one value: there is no range to measure by. */
function wassersteinInRanges(edges: number[], reference: number[], current: number[]): number {
  const range = quantileFromCounts(edges, reference, 0.75) - quantileFromCounts(edges, reference, 0.25);
  return range > 0 ? wassersteinFromCounts(edges, reference, current).distance / range : Number.NaN;
}

/** Pearson's test of the categories; undefined for a numeric subject and where the manifest does not ask for it. */
export function compareCategories(
  subject: SubjectProfile,
  counts: ArrayLike<number>,
  settings: SubjectSettings,
): MethodTest | undefined {
  if (!subject.categories || !settings.methods.includes('cramers-v')) return undefined;
  // Far tails of sparse cells are heavier than the chi-square's: ask for more rows a cell than Cochran's five.
  const test = chiSquareHomogeneity(subject.counts, counts, { minimumExpected: 20 });
  return { pValue: test.pValue, effects: chooseEffects(settings, { 'cramers-v': { value: test.cramersV } }) };
}
