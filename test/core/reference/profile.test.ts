import { expect, test } from 'vitest';
import type { FeatureBatch, PredictionBatch } from '../../../core/inference/batch.js';
import type { Manifest } from '../../../core/manifest/manifest.js';
import { buildReferenceProfile } from '../../../core/reference/profile.js';
import { testManifest } from '../../monitor/fixture.js';

const plain = testManifest('frozen');
const manifest: Manifest = {
  ...plain,
  features: [
    { name: 'sugar', type: 'numeric', missing: false, outOfRange: 'flag' },
    { name: 'colour', type: 'categorical', categories: ['red', 'white'], missing: false, unseen: 'flag' },
  ],
  monitoring: { ...plain.monitoring, segments: [{ feature: 'colour', values: ['red', 'white'] }] },
};

/** Rows of which every `nth` is red. */
function batchOf(rows: number, nth: number): FeatureBatch {
  return {
    rows,
    numeric: Float64Array.from({ length: rows }, (_, row) => row),
    categorical: Array.from({ length: rows }, (_, row) => (row % nth === 0 ? 'red' : 'white')),
  };
}

/** Answers that are `yes` with this score. */
function answersOf(rows: number, score: number): PredictionBatch {
  const probabilities = Float32Array.from({ length: 2 * rows }, (_, i) => (i % 2 === 0 ? 1 - score : score));
  return { rows, labels: Array.from({ length: rows }, () => 'yes'), probabilities };
}

const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0);

test('features are counted on the reference rows, predictions on those that the model has not learned', () => {
  const heldOut = batchOf(40, 4);
  const frozen = buildReferenceProfile(manifest, batchOf(100, 2), answersOf(40, 0.75), { heldOut });
  expect(frozen).toMatchObject({ rows: 100, heldOutRows: 40 });
  expect(frozen.subjects.map(({ name, counts }) => [name, sum(counts)])).toEqual([
    ['sugar', 100],
    ['colour', 100],
    ['class', 40],
    ['score', 40],
  ]);
});

test('so are their segments', () => {
  const heldOut = batchOf(40, 4);
  const { segments } = buildReferenceProfile(manifest, batchOf(100, 2), answersOf(40, 0.75), { heldOut });
  expect(segments!['colour=red']).toMatchObject({ rows: 50 });
  expect(segments!['colour=red']!.counts.map(sum)).toEqual([50, 50, 10, 10]);
  expect(segments!['colour=white']!.counts.map(sum)).toEqual([50, 50, 30, 30]);
});

test('without rows that the model has not learned, predictions are counted on the reference rows', () => {
  const frozen = buildReferenceProfile(manifest, batchOf(100, 2), answersOf(100, 0.75));
  expect(frozen.heldOutRows).toBeUndefined();
  expect(frozen.subjects.map(({ counts }) => sum(counts))).toEqual([100, 100, 100, 100]);
  expect(frozen.segments!['colour=red']!.counts.map(sum)).toEqual([50, 50, 50, 50]);
});
