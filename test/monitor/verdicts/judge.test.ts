import { describe, expect, test } from 'vitest';
import { significanceLevel } from '../../../monitor/verdicts/false-discoveries.js';
import { exceeds, judge, type PastVerdict } from '../../../monitor/verdicts/judge.js';
import type { Effect, MethodTest } from '../../../monitor/verdicts/method-test.js';
import { testManifest } from '../fixture.js';

const { monitoring } = testManifest('judged');
const LEVEL = 0.001;
const effect = (value: number): Effect => ({ method: 'psi', value, threshold: 0.1 });
const far = [{ pValue: 1e-9, effects: [effect(0.5)] }];
const near = [{ pValue: 0.4, effects: [effect(0.02)] }];

describe('a window exceeds', () => {
  test.each<[string, MethodTest[], boolean]>([
    ['threshold and chance passed', [{ pValue: 0.001, effects: [effect(0.1)] }], true],
    ['threshold passed, chance not', [{ pValue: 0.0011, effects: [effect(0.5)] }], false],
    ['chance passed, threshold not', [{ pValue: 1e-9, effects: [effect(0.099)] }], false],
    ['by the second effect of a test', [{ pValue: 1e-9, effects: [effect(0.01), effect(0.2)] }], true],
    ['by the second test', [...near, ...far], true],
    [
      'never by one test’s effect and another’s chance',
      [
        { pValue: 1e-9, effects: [] },
        { pValue: 1, effects: [effect(1)] },
      ],
      false,
    ],
    ['without a test', [], false],
  ])('%s', (_, tests, exceeded) => {
    expect(exceeds(tests, LEVEL)).toBe(exceeded);
  });
});

describe('significance level of a window', () => {
  test('is shared out over all tests where none passes', () => {
    expect(significanceLevel([0.5, 0.6, 0.01, 0.2], 0.01)).toBe(0.01 / 4);
    expect(significanceLevel([], 0.01)).toBe(0.01);
  });

  // Benjamini & Hochberg 1995, section 3.2: four of fifteen are rejected at 0.05, three by Bonferroni.
  test('is wider with each test that passes', () => {
    const p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719];
    const level = significanceLevel([...p, 0.6528, 0.759, 1], 0.05);
    expect(level).toBeCloseTo((0.05 * 4) / 15, 15);
    expect(p.filter((one) => one <= level)).toHaveLength(4);
  });
});

/** Verdicts of windows in order, by 2 of 3. */
function verdicts(exceeding: boolean[], confirm: [number, number] = [2, 3]): string[] {
  const past: PastVerdict[] = [];
  return exceeding.map((exceeded) => {
    const { verdict } = judge(exceeded ? far : near, LEVEL, { ...monitoring, confirm }, past);
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
    expect(judge(far, LEVEL, { ...monitoring, confirm: [3, 3] }, past).verdict).toBe('drift');
    expect(judge(near, LEVEL, { ...monitoring, confirm: [3, 3] }, past).verdict).toBe('ok');
  });

  test('drift is set at the threshold, and clears below a part of it', () => {
    const at = (value: number, past: PastVerdict[]) =>
      judge([{ pValue: 1e-9, effects: [effect(value)] }], LEVEL, { confirm: [1, 1], clearRatio: 0.8 }, past).verdict;
    const drifting: PastVerdict[] = [{ exceeded: true, verdict: 'drift' }];
    expect(at(0.09, [])).toBe('ok');
    expect(at(0.09, drifting)).toBe('drift');
    expect(at(0.0799, drifting)).toBe('ok');
    expect(at(0.09, [{ exceeded: false, verdict: 'ok' }])).toBe('ok');
  });
});
