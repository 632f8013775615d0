import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../../../../core/random.js';
import { createCategoryBuffers, scanCategories } from '../../../../trainer/builtin/gbdt/category-split.js';
import { BIN_FIELDS } from '../../../../trainer/builtin/gbdt/histogram.js';
import { scanNumeric } from '../../../../trainer/builtin/gbdt/numeric-split.js';
import { createBestSplit, fillGoesLeft, leafScore, type NodeSums } from '../../../../trainer/builtin/gbdt/split.js';

const limits = {
  leafRows: 3,
  leafHessian: 0.5,
  l2: 0.3,
  categoryL2: 0,
  categorySmoothing: 0,
  categoryRows: 1,
  setSize: 254,
};

interface Bins {
  readonly histogram: Float64Array;
  readonly node: NodeSums;
}

/** Random sums of `bins` bins; every row has hessian 1, for which runs of sorted categories are known to be the best sets. */
function randomBins(random: Random, bins: number, missing: boolean): Bins {
  const histogram = new Float64Array(bins * BIN_FIELDS);
  const node = { gradient: 0, hessian: 0, rows: 0 };
  for (let bin = missing ? 0 : 1; bin < bins; bin++) {
    const rows = 1 + random.integer(6);
    const gradient = 3 * random.normal() * Math.sqrt(rows);
    histogram.set([gradient, rows, rows], bin * BIN_FIELDS);
    node.gradient += gradient;
    node.hessian += rows;
    node.rows += rows;
  }
  return { histogram, node };
}

/** The gain of sending the bins whose bit is set in `mask` left; 0 where a side is too small. */
function gainOf({ histogram, node }: Bins, mask: number, { leafRows, leafHessian, l2 } = limits): number {
  const left = { gradient: 0, hessian: 0, rows: 0 };
  for (let bin = 0; bin < histogram.length / BIN_FIELDS; bin++) {
    if (((mask >> bin) & 1) === 0) continue;
    left.gradient += histogram[bin * BIN_FIELDS]!;
    left.hessian += histogram[bin * BIN_FIELDS + 1]!;
    left.rows += histogram[bin * BIN_FIELDS + 2]!;
  }
  if (Math.min(left.rows, node.rows - left.rows) < leafRows) return 0;
  if (Math.min(left.hessian, node.hessian - left.hessian) < leafHessian) return 0;
  return (
    leafScore(left.gradient, left.hessian, l2) +
    leafScore(node.gradient - left.gradient, node.hessian - left.hessian, l2) -
    leafScore(node.gradient, node.hessian, l2)
  );
}

function maskOf(goesLeft: Uint8Array, bins: number): number {
  return goesLeft.subarray(0, bins).reduce((mask, left, bin) => mask | (left << bin), 0);
}

describe.each([false, true])('with missing values: %s', (missing) => {
  test('the numeric scan finds the best of all thresholds and directions', () => {
    const random = createRandom(6);
    for (let round = 0; round < 200; round++) {
      const bins = 3 + random.integer(8);
      const sums = randomBins(random, bins, missing);
      const best = createBestSplit();
      scanNumeric(sums.histogram, 0, bins, 0, sums.node, limits, best);
      const gains = [0];
      for (let last = 1; last < bins; last++) {
        const values = ((1 << last) - 1) << 1;
        gains.push(gainOf(sums, values), gainOf(sums, values | 1));
      }
      expect(best.gain).toBeCloseTo(Math.max(...gains), 8);
      if (best.gain === 0) continue;
      const goesLeft = new Uint8Array(256);
      fillGoesLeft(best, goesLeft);
      expect(gainOf(sums, maskOf(goesLeft, bins))).toBeCloseTo(best.gain, 8);
    }
  });

  test('the category scan finds the best of all subsets, and names a set with that gain', () => {
    const random = createRandom(7);
    for (let round = 0; round < 100; round++) {
      const bins = 3 + random.integer(6);
      const sums = randomBins(random, bins, missing);
      const best = createBestSplit();
      // Without a least size and l2, the best set of all is a run of the sorted categories (Fisher 1958).
      const free = { ...limits, leafRows: 1, l2: 0 };
      scanCategories(sums.histogram, 0, bins, 0, sums.node, free, best, createCategoryBuffers());
      const gains = Array.from({ length: 1 << bins }, (_, mask) => gainOf(sums, mask, free));
      expect(best.gain).toBeCloseTo(Math.max(...gains), 8);
      const goesLeft = new Uint8Array(256);
      fillGoesLeft(best, goesLeft);
      if (best.gain > 0) expect(gains[maskOf(goesLeft, bins)]).toBeCloseTo(best.gain, 8);
    }
  });
});

test('a set has at most the size allowed, and no category with too few rows', () => {
  const random = createRandom(9);
  const sums = randomBins(random, 40, false);
  const best = createBestSplit();
  const strict = { ...limits, setSize: 3, categoryRows: 4 };
  scanCategories(sums.histogram, 0, 40, 0, sums.node, strict, best, createCategoryBuffers());
  expect(best.setSize).toBeGreaterThan(0);
  expect(best.setSize).toBeLessThanOrEqual(3);
  for (const bin of best.set.subarray(0, best.setSize))
    expect(sums.histogram[bin * BIN_FIELDS + 2]).toBeGreaterThanOrEqual(4);
});

test('without missing values in a node, they are sent to the side with more rows', () => {
  const best = createBestSplit();
  const histogram = Float64Array.of(0, 0, 0, -9, 9, 9, 4, 4, 4);
  scanNumeric(histogram, 0, 3, 0, { gradient: -5, hessian: 13, rows: 13 }, limits, best);
  expect(best).toMatchObject({ lastBin: 1, missingLeft: true, leftRows: 9 });
});
