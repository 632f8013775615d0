import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { cellCount } from '../../../core/reference/profile.js';
import { decideWindow, subjectKey } from '../../../monitor/verdicts/decide-window.js';
import type { PastVerdict } from '../../../monitor/verdicts/judge.js';
import { drawRows, foldRows, type Row, testManifest, testProfile } from '../fixture.js';

const manifest = testManifest('decided');
const profile = testProfile(manifest);

function decide(rows: Row[]) {
  const window = { start: 0, end: 60, rows: rows.length };
  const { monitoring } = manifest;
  const counts = foldRows(manifest, profile, rows);
  const decision = decideWindow({ profile, monitoring, window, counts, past: new Map() });
  return { ...decision, of: (name: string) => decision.subjects.find((s) => s.subject === name)! };
}

describe('decideWindow', () => {
  test('is ok on every subject without drift', () => {
    const { verdict, subjects } = decide(drawRows(createRandom(2), 1_000));
    expect(subjects.map((s) => s.verdict)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
    expect(verdict).toBe('ok');
  });

  test('says what changed, with the numbers it was held against', () => {
    const alcohol = decide(drawRows(createRandom(2), 1_000, 1)).of('alcohol');
    expect(alcohol.verdict).toBe('warning');
    expect(alcohol.reason).toMatch(
      /^alcohol: PSI \d\.\d+, above 0\.1 and above 0\.\d+, the 99\.\d+ % null band at 1,000 of 4,000 rows; KS 0\.\d+, above 0\.1 and above 0\.\d+, its critical value; .*exceeded in 1 of the last 3 windows, 2 are needed to confirm$/,
    );
  });

  test('says that a drift goes on though this window does not exceed', () => {
    const window = { start: 0, end: 60, rows: 1_000 };
    const counts = foldRows(manifest, profile, drawRows(createRandom(2), 1_000));
    const exceeded: PastVerdict = { exceeded: true, verdict: 'drift' };
    const past = new Map([[subjectKey('feature', 'alcohol'), [exceeded, exceeded]]]);
    const { subjects } = decideWindow({ profile, monitoring: manifest.monitoring, window, counts, past });
    const alcohol = subjects.find(({ subject }) => subject === 'alcohol')!;
    expect(alcohol.verdict).toBe('drift');
    expect(alcohol.reason).toMatch(/; not in this window, but exceeded in 2 of the last 3 windows$/);
  });

  test('gives no KS for a categorical subject', () => {
    const colour = decide(drawRows(createRandom(2), 1_000)).of('colour');
    expect(colour).toMatchObject({ ksStatistic: null, ksCriticalValue: null });
    expect(colour.psi).toBeGreaterThanOrEqual(0);
  });

  test('sees a feature that is missing in every row, with no KS to give', () => {
    const rows = drawRows(createRandom(2), 500).map((row) => ({ ...row, sugar: null }));
    const sugar = decide(rows).of('sugar');
    expect(sugar).toMatchObject({ exceeded: true, ksStatistic: null });
    expect(sugar.reason).toContain('100 % missing, 0 % in the reference');
  });

  test('sees a category that the reference does not have', () => {
    const rows = drawRows(createRandom(2), 500).map((row, i) => ({
      ...row,
      colour: i % 3 === 0 ? 'rosé' : row.colour,
    }));
    const colour = decide(rows).of('colour');
    expect(colour.exceeded).toBe(true);
    expect(colour.reason).toContain('33.4 % in unseen categories, 0 % in the reference');
  });

  test('as many in unseen categories as in the reference, which was taken from a present population, is no change', () => {
    const everyThird = (row: Row, i: number): Row => ({ ...row, colour: i % 3 === 0 ? 'rosé' : row.colour });
    const taken = testProfile(manifest, 1, everyThird);
    const { monitoring } = manifest;
    const rows = drawRows(createRandom(2), 500).map(everyThird);
    const counts = foldRows(manifest, taken, rows);
    const window = { start: 0, end: 60, rows: rows.length };
    const { subjects } = decideWindow({ profile: taken, monitoring, window, counts, past: new Map() });
    expect(subjects.map(({ subject, exceeded }) => [subject, exceeded])).toContainEqual(['colour', false]);
  });

  test('below the minimum of rows says so, computes nothing and does not warn', () => {
    const { verdict, of } = decide(drawRows(createRandom(2), 199, 5));
    expect(verdict).toBe('insufficient-data');
    expect(of('alcohol')).toMatchObject({ psi: null, psiNullBand: null, ksStatistic: null, exceeded: false });
    expect(of('alcohol').reason).toBe('alcohol: 199 rows, at least 200 are needed to decide');
  });

  test('each subject is held against the rows that it was counted on', () => {
    const counts = foldRows(manifest, profile, drawRows(createRandom(2), 1_000));
    const window = { start: 0, end: 60, rows: 1_000 };
    const cut = (share: number) => {
      const subjects = profile.subjects.map((subject) =>
        subject.name === 'score' ? { ...subject, counts: subject.counts.map((n) => Math.round(n * share)) } : subject,
      );
      const input = { profile: { ...profile, subjects }, monitoring: manifest.monitoring, window, counts };
      return decideWindow({ ...input, past: new Map() }).subjects.find(({ subject }) => subject === 'score')!;
    };
    expect(cut(0.1).psiNullBand!).toBeGreaterThan(2 * cut(1).psiNullBand!);
    expect(cut(0.1).reason).toMatch(/at 1,000 of [34]\d\d rows/);
    expect(cut(0)).toMatchObject({ verdict: 'insufficient-data', reason: 'score: 0 rows to compare with are too few' });
  });

  test('an empty window is insufficient too', () => {
    expect(decide([]).verdict).toBe('insufficient-data');
  });

  test('a constant feature that stays constant has a PSI near 0', () => {
    const constant = { ...profile.subjects[0]!, edges: [], coarse: [0], counts: [4_000, 0] };
    expect(cellCount(constant)).toBe(2);
    const counts = [{ kind: 'feature' as const, subject: 'alcohol', counts: [1_000, 0] }];
    const window = { start: 0, end: 60, rows: 1_000 };
    const { monitoring } = manifest;
    const decision = decideWindow({
      profile: { rows: 4_000, subjects: [constant] },
      monitoring,
      window,
      counts,
      past: new Map(),
    });
    expect(decision.subjects[0]).toMatchObject({ verdict: 'ok', ksStatistic: 0 });
    expect(decision.subjects[0]!.psi).toBeLessThan(0.001);
  });
});
