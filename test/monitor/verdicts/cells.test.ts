import { expect, test } from 'vitest';
import { oddShares, orderedBins, pooledCells, psiCells } from '../../../monitor/verdicts/cells.js';
import { numericSubject } from './numeric-window.js';

const numeric = { kind: 'feature', name: 'x', edges: [1, 2, 3], coarse: [0, 0, 1, 1], counts: [] } as const;
const subject = { ...numeric, edges: [...numeric.edges], coarse: [...numeric.coarse], counts: [] };
const counts = Object.freeze([1, 2, 4, 8, 16]);

test('PSI takes fine bins together by their coarse bin, and missing as a cell of its own', () => {
  expect(psiCells(subject, counts)).toEqual([3, 12, 16]);
});

test('KS leaves missing out', () => {
  expect(orderedBins(counts)).toEqual([1, 2, 4, 8]);
});

test('PSI of a categorical subject keeps missing, and unseen in a pool with what is rare', () => {
  const colour = { kind: 'feature' as const, name: 'c', categories: ['a', 'b', 'rare'], counts: [500, 490, 1, 0, 9] };
  expect(psiCells(colour, [5, 6, 7, 8, 9])).toEqual([5, 6, 7, 8, 9]);
  // Of 1,100 rows a hundred are current: a cell of 2 expects 0.2 of them there.
  expect(pooledCells(colour, [50, 44, 1, 3, 2])).toEqual({ reference: [500, 490, 9, 1], current: [50, 44, 2, 4] });
});

test('cells that neither window uses are left out, down to two', () => {
  const bins = { kind: 'feature' as const, name: 'x', edges: [1, 2], coarse: [0, 1, 2] };
  expect(pooledCells({ ...bins, counts: [50, 0, 30, 0] }, [4, 0, 6, 0])).toEqual({
    reference: [50, 30],
    current: [4, 6],
  });
  expect(pooledCells({ ...bins, counts: [50, 0, 0, 0] }, [4, 0, 0, 0])).toEqual({
    reference: [50, 0],
    current: [4, 0],
  });
});

test('deciles are not pooled, however small the window', () => {
  const subject = numericSubject(
    'x',
    Array.from({ length: 1_000 }, (_, i) => i),
  );
  const counts = new Array<number>(subject.counts.length).fill(0);
  counts[1] = 30;
  expect(pooledCells(subject, counts).reference).toHaveLength(10);
});

test('shares that are missing and unseen, of no rows too', () => {
  const colour = { kind: 'feature' as const, name: 'c', categories: ['a', 'b'], counts: [] };
  expect(oddShares(colour, [5, 5, 6, 4])).toEqual({ missing: 0.2, unseen: 0.3 });
  expect(oddShares(colour, [0, 0, 0, 0])).toEqual({ missing: 0, unseen: 0 });
  expect(oddShares(subject, [6, 0, 0, 0, 2])).toEqual({ missing: 0.25, unseen: 0 });
});
