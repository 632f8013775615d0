import { describe, expect, test } from 'vitest';
import { exceeds, judge, type PastVerdict } from '../../../monitor/verdicts/judge.js';
import { testManifest } from '../fixture.js';

const { monitoring } = testManifest('judged');
const far = { psi: 0.5, psiNullBand: 0.05, ksStatistic: null, ksCriticalValue: null };
const near = { psi: 0.02, psiNullBand: 0.05, ksStatistic: 0.02, ksCriticalValue: 0.05 };

describe('a window exceeds', () => {
  test.each([
    ['PSI above threshold and null band', { psi: 0.1, psiNullBand: 0.09 }, true],
    ['PSI above threshold, within the null band', { psi: 0.2, psiNullBand: 0.3 }, false],
    ['PSI above the null band, below the threshold', { psi: 0.09, psiNullBand: 0.01 }, false],
    ['KS above threshold and critical value', { ksStatistic: 0.1, ksCriticalValue: 0.09 }, true],
    ['KS above threshold, below the critical value', { ksStatistic: 0.2, ksCriticalValue: 0.3 }, false],
    ['KS above the critical value, below the threshold', { ksStatistic: 0.09, ksCriticalValue: 0.01 }, false],
  ])('%s', (_, change, exceeded) => {
    expect(exceeds({ ...near, ...change }, monitoring)).toBe(exceeded);
  });
});

/** Verdicts of windows in order, by 2 of 3. */
function verdicts(exceeding: boolean[], confirm: [number, number] = [2, 3]): string[] {
  const past: PastVerdict[] = [];
  return exceeding.map((exceeded) => {
    const { verdict } = judge(exceeded ? far : near, { ...monitoring, confirm }, past);
    past.unshift({ exceeded, verdict });
    return verdict;
  });
}

describe('k of n', () => {
  test('one window warns, the second of three confirms, and it clears when fewer than two are left', () => {
    expect(verdicts([true, true, false, false, false])).toEqual(['warning', 'drift', 'drift', 'ok', 'ok']);
  });

  test('two of three need not be neighbours', () => {
    expect(verdicts([true, false, true])).toEqual(['warning', 'ok', 'drift']);
  });

  test('windows further apart than n never confirm', () => {
    expect(verdicts([true, false, false, true, false, false, true])).not.toContain('drift');
  });

  test('1 of 1 answers window by window', () => {
    expect(verdicts([true, false, true], [1, 1])).toEqual(['drift', 'ok', 'drift']);
  });

  test('drift stays while windows exceed, even where k of n no longer holds', () => {
    const past: PastVerdict[] = [{ exceeded: false, verdict: 'drift' }];
    expect(judge(far, { ...monitoring, confirm: [3, 3] }, past).verdict).toBe('drift');
    expect(judge(near, { ...monitoring, confirm: [3, 3] }, past).verdict).toBe('ok');
  });
});
