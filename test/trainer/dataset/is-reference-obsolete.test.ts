import { expect, test } from 'vitest';
import type { PredictionBatch } from '../../../core/inference/batch.js';
import type { Manifest, Metric } from '../../../core/manifest/manifest.js';
import type { LabelledRows } from '../../../core/project/reference.js';
import { createRandom } from '../../../core/random.js';
import { isReferenceObsolete } from '../../../trainer/dataset/is-reference-obsolete.js';

const ROWS = 200;
const random = createRandom(1);
const sizes = Array.from({ length: ROWS }, () => random.normal());

function manifestOf(metric: Metric, classes: string[]): Manifest {
  const features = [{ name: 'size', type: 'numeric', missing: false }];
  return { features, classes, retraining: { metric } } as unknown as Manifest;
}

function rowsOf(targets: string[]): LabelledRows {
  return { instances: targets.map((_, i) => ({ size: sizes[i]! })), targets };
}

const CLASSES = ['small', 'large'];
const grades = sizes.map((size) => (size < 0.2 ? 'small' : 'large'));
const turned = grades.map((grade) => (grade === 'small' ? 'large' : 'small'));

/** Says the grade, rightly or wrongly surely. */
function grading(labels: string[]): PredictionBatch {
  const probabilities = Float32Array.from(labels.flatMap((l) => (l === 'small' ? [0.9, 0.1] : [0.1, 0.9])));
  return { rows: labels.length, labels, probabilities };
}

test.each(['accuracy', 'log_loss'] as const)('by %s what was learned misleads once labels have turned', (metric) => {
  const manifest = manifestOf(metric, CLASSES);
  expect(isReferenceObsolete(manifest, rowsOf(turned), grading(grades), 1)).toBe(true);
  expect(isReferenceObsolete(manifest, rowsOf(grades), grading(grades), 1)).toBe(false);
});

test.each(['mae', 'rmse'] as const)(
  'by %s it does not when prices rise by a tenth, and does when they turn',
  (metric) => {
    const manifest = manifestOf(metric, []);
    const prices = sizes.map((size) => 100 + 20 * size);
    const champion = { rows: ROWS, values: Float32Array.from(prices) };
    const priced = (prices: number[]): LabelledRows => rowsOf(prices.map(String));
    const obsolete = (prices: number[]): boolean => isReferenceObsolete(manifest, priced(prices), champion, 1);
    expect(obsolete(sizes.map((size) => 110 + 22 * size))).toBe(false);
    expect(obsolete(sizes.map((size) => 100 - 20 * size))).toBe(true);
  },
);

test('a champion no better than the most frequent class is not called misleading: rare classes are hard', () => {
  const manifest = manifestOf('accuracy', CLASSES);
  const rare = sizes.map((_, i) => (i % 20 === 0 ? 'large' : 'small'));
  // Finds five of ten and is wrong six times more: a little worse than never to say it.
  const said = rare.map((grade, i) => (i % 40 === 0 || i % 33 === 2 ? 'large' : grade === 'large' ? 'small' : grade));
  const right = said.filter((label, i) => label === rare[i]).length;
  expect(right).toBe(189);
  expect(isReferenceObsolete(manifest, rowsOf(rare), grading(said), 1)).toBe(false);
});

test('a champion that gives the true shares and nothing more is not called misleading by chance', () => {
  const manifest = manifestOf('log_loss', CLASSES);
  const draws = createRandom(3);
  const trials = [30, 100, 400].flatMap((rows) => Array.from({ length: 40 }, () => rows));
  const alarms = trials.filter((rows) => {
    const drawn = Array.from({ length: rows }, () => (draws.next() < 0.5 ? 'small' : 'large'));
    const champion = { rows, labels: drawn.map(() => 'small'), probabilities: new Float32Array(2 * rows).fill(0.5) };
    const instances = drawn.map((_, i) => ({ size: i }));
    return isReferenceObsolete(manifest, { instances, targets: drawn }, champion, 1);
  });
  expect(alarms.length / trials.length).toBeLessThanOrEqual(0.05);
});

test('nothing is left out for the sake of fewer than 30 distinct rows, or of rows that lack a class', () => {
  const manifest = manifestOf('accuracy', CLASSES);
  const few = (count: number): boolean => {
    const index = Array.from({ length: ROWS }, (_, i) => i % count);
    const rows = { instances: index.map((i) => ({ size: sizes[i]! })), targets: index.map((i) => turned[i]!) };
    return isReferenceObsolete(manifest, rows, grading(index.map((i) => grades[i]!)), 1);
  };
  expect([few(29), few(30)]).toEqual([false, true]);
  const three = manifestOf('accuracy', [...CLASSES, 'huge']);
  expect(isReferenceObsolete(three, rowsOf(turned), grading(grades), 1)).toBe(false);
});
