import { expect, test } from 'vitest';
import type { Feature, Manifest } from '../../../core/manifest/manifest.js';
import { createRandom } from '../../../core/random.js';
import {
  buildReferenceProfile,
  cellCount,
  countCells,
  OTHER,
  subjectColumns,
} from '../../../core/reference/profile.js';
import { decideWindow } from '../../../monitor/verdicts/decide-window.js';
import { testManifest } from '../fixture.js';

const { monitoring } = testManifest('survivor');
const random = createRandom(91);

/** Decides a window of one feature by a reference of it, both given as a column of numbers (NaN) or texts (null). */
function decide(reference: number[] | (string | null)[], current: typeof reference, categories?: string[]) {
  const feature = categories
    ? { name: 'x', type: 'categorical', categories, missing: true, unseen: 'flag' }
    : { name: 'x', type: 'numeric', missing: true, outOfRange: 'flag' };
  const manifest = { ...testManifest('survivor'), task: 'regression', classes: [], features: [feature as Feature] };
  const batchOf = (values: typeof reference) => ({
    rows: values.length,
    numeric: categories ? new Float64Array() : Float64Array.from(values as number[]),
    categorical: categories ? (values as (string | null)[]) : [],
  });
  const answers = (rows: number) => ({ rows, values: Float32Array.from({ length: rows }, () => random.next()) });
  const m = manifest as Manifest;
  const profile = buildReferenceProfile(m, batchOf(reference), answers(reference.length));
  const columns = subjectColumns(m, batchOf(current), answers(current.length));
  const counts = profile.subjects.map((subject, i) => ({
    kind: subject.kind,
    subject: subject.name,
    counts: Array.from(countCells(subject, columns[i]!)),
  }));
  const window = { start: 0, end: 60, rows: current.length };
  const stored = JSON.parse(JSON.stringify(profile));
  const decision = decideWindow({ profile: stored, monitoring, window, counts, past: new Map() });
  return { subject: decision.subjects[0]!, profile, decision };
}

const fill = <T>(rows: number, value: (row: number) => T): T[] => Array.from({ length: rows }, (_, row) => value(row));
const normal = () => random.normal();

test('a feature of only missing values, in both windows, in one, and back', () => {
  const nothing = fill(1_000, () => Number.NaN);
  expect(decide(nothing, nothing.slice(0, 300)).subject).toMatchObject({ verdict: 'ok', ksStatistic: null });
  expect(decide(fill(1_000, normal), nothing.slice(0, 300)).subject).toMatchObject({
    exceeded: true,
    ksStatistic: null,
  });
  expect(decide(nothing, fill(300, normal)).subject).toMatchObject({ exceeded: true, ksStatistic: null });
});

test('a single class, that stays and that gives way to another', () => {
  const one = fill(1_000, () => 'a');
  expect(decide(one, one.slice(0, 300), ['a']).subject.verdict).toBe('ok');
  expect(
    decide(
      one,
      fill(300, () => 'b'),
      ['a'],
    ).subject,
  ).toMatchObject({ exceeded: true });
});

test('an empty window', () => {
  const { decision } = decide(fill(1_000, normal), []);
  expect(decision.verdict).toBe('insufficient-data');
});

test('infinite values are out of range, and no statistic of them is infinite', () => {
  const { subject } = decide(
    fill(1_000, normal),
    fill(300, (row) => (row % 3 === 0 ? Infinity : -Infinity)),
  );
  expect(subject).toMatchObject({ exceeded: true, ksStatistic: expect.any(Number) });
  expect(subject.statistics.every(({ value }) => Number.isFinite(value))).toBe(true);
  expect(subject.reason).toContain('100 % outside the range of the reference (66.66 % below, 33.33 % above; ');
  expect(subject.reason).toContain('95 % interval 98.73 % to 100 %)');
});

test('a million categories have 203 cells, and are calm while they are', () => {
  const categories = fill(1_000_000, (i) => `c${i}`);
  const draw = () => `c${Math.floor(1_000_000 ** random.next())}`;
  const reference = fill(20_000, draw);
  const { subject, profile } = decide(reference, fill(1_000, draw), categories);
  expect(subject).toMatchObject({ exceeded: false, verdict: 'ok' });
  expect(cellCount(profile.subjects[0]!)).toBe(203);
  expect(profile.subjects[0]!.categories!.at(-1)).toBe(OTHER);
  const moved = decide(
    reference,
    fill(1_000, () => `c${random.integer(1_000_000)}`),
    categories,
  );
  expect(moved.subject.exceeded).toBe(true);
});

test('identifiers, nearly all of them new, are no drift', () => {
  const id = () => `id${random.integer(1_000_000)}`;
  const reference = fill(4_000, id);
  const { subject } = decide(reference, fill(500, id), [...new Set(reference)].sort());
  expect(subject.verdict).toBe('ok');
});

test('a manifest that changed: its other thresholds hold, and a subject without counts has too few rows', () => {
  const { profile } = decide(fill(1_000, normal), fill(300, normal));
  const window = { start: 0, end: 60, rows: 300 };
  const changed = { ...monitoring, features: { gone: { methods: [] } } };
  const decision = decideWindow({ profile, monitoring: changed, window, counts: [], past: new Map() });
  expect(decision.verdict).toBe('insufficient-data');
});

test('one feature is not watched, another has a threshold of its own', () => {
  const manifest = testManifest('apart', {
    features: { alcohol: { methods: [] }, sugar: { psiThreshold: 5, ksThreshold: 1, outOfRangeThreshold: 1 } },
  });
  const features = manifest.features.filter((feature) => feature.type === 'numeric');
  const apart: Manifest = { ...manifest, task: 'regression', classes: [], features };
  const batch = (rows: number, shift: number) => ({
    rows,
    numeric: Float64Array.from({ length: rows * 2 }, () => random.normal() + shift),
    categorical: [],
  });
  const answers = (rows: number) => ({ rows, values: Float32Array.from({ length: rows }, () => random.next()) });
  const profile = buildReferenceProfile(apart, batch(2_000, 0), answers(2_000));
  const columns = subjectColumns(apart, batch(500, 1), answers(500));
  const counts = profile.subjects.map((subject, i) => ({
    kind: subject.kind,
    subject: subject.name,
    counts: Array.from(countCells(subject, columns[i]!)),
  }));
  const window = { start: 0, end: 60, rows: 500 };
  const decide = (watching: Manifest['monitoring']) =>
    decideWindow({ profile, monitoring: watching, window, counts, past: new Map() }).subjects;
  expect(decide(monitoring).map(({ exceeded }) => exceeded)).toEqual([true, true, false]);
  const [alcohol, sugar] = decide(apart.monitoring);
  expect(alcohol).toMatchObject({ verdict: 'ok', statistics: [] });
  expect(alcohol!.psi).toBeGreaterThan(0.5);
  expect(alcohol!.reason).toContain('not watched: the manifest names no method for it');
  expect(sugar!.exceeded).toBe(false);
});
