import type { ReferenceProfile, SubjectProfile } from '../../core/reference/profile.js';
import { ksCriticalValue } from '../statistics/ks-critical-value.js';
import { ksFromCounts } from '../statistics/ks-from-counts.js';
import { psi } from '../statistics/psi.js';
import { psiNullBand } from '../statistics/psi-null-band.js';
import { dropEmptyCells, orderedBins, psiCells } from './cells.js';

/** Reference and current window of one subject, compared. KS is null for a categorical subject and without values. */
export interface Comparison {
  psi: number;
  psiNullBand: number;
  ksStatistic: number | null;
  ksCriticalValue: number | null;
}

/** How many tests a window asks of a model: PSI of every subject, KS of every numeric one. */
export function testCount(profile: ReferenceProfile): number {
  return profile.subjects.reduce((sum, subject) => sum + (subject.categories ? 1 : 2), 0);
}

/**
 * Compares a window with the reference of a subject.
 * @param counts  current counts over the frozen cells, at least one row
 * @param alpha  false-alarm rate of each single test
 */
export function compare(subject: SubjectProfile, counts: ArrayLike<number>, alpha: number): Comparison {
  const cells = dropEmptyCells(psiCells(subject, subject.counts), psiCells(subject, counts));
  const referenceRows = sum(cells.reference);
  const currentRows = sum(cells.current);
  return {
    psi: psi(cells.reference, cells.current),
    psiNullBand: psiNullBand({ referenceRows, currentRows, bins: cells.reference.length, alpha }),
    ...(subject.categories ? NO_KS : compareOrdered(subject, counts, alpha)),
  };
}

const NO_KS = { ksStatistic: null, ksCriticalValue: null };

function compareOrdered(
  subject: SubjectProfile,
  counts: ArrayLike<number>,
  alpha: number,
): Pick<Comparison, 'ksStatistic' | 'ksCriticalValue'> {
  const reference = orderedBins(subject.counts);
  const current = orderedBins(counts);
  const referenceRows = sum(reference);
  const currentRows = sum(current);
  if (referenceRows === 0 || currentRows === 0) return NO_KS;
  return {
    ksStatistic: ksFromCounts(reference, current).statistic,
    ksCriticalValue: ksCriticalValue({ referenceRows, currentRows, alpha }),
  };
}

function sum(counts: number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
