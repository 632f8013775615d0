import { expect, test } from 'vitest';
import { dropEmptyCells, oddShares, orderedBins, psiCells } from '../../../monitor/verdicts/cells.js';

const numeric = { kind: 'feature', name: 'x', edges: [1, 2, 3], coarse: [0, 0, 1, 1], counts: [] } as const;
const subject = { ...numeric, edges: [...numeric.edges], coarse: [...numeric.coarse], counts: [] };
const counts = Object.freeze([1, 2, 4, 8, 16]);

test('PSI takes fine bins together by their coarse bin, and missing as a cell of its own', () => {
  expect(psiCells(subject, counts)).toEqual([3, 12, 16]);
});

test('KS leaves missing out', () => {
  expect(orderedBins(counts)).toEqual([1, 2, 4, 8]);
});

test('PSI of a categorical subject keeps unseen and missing', () => {
  const colour = { kind: 'feature' as const, name: 'c', categories: ['a', 'b'], counts: [] };
  expect(psiCells(colour, [5, 6, 7, 8])).toEqual([5, 6, 7, 8]);
  expect(oddShares(colour, [5, 5, 6, 4])).toEqual({ missing: 0.2, unseen: 0.3 });
});

test('a cell that neither window uses is dropped, down to two', () => {
  expect(dropEmptyCells([5, 0, 3, 0], [4, 0, 0, 1])).toEqual({ reference: [5, 3, 0], current: [4, 0, 1] });
  expect(dropEmptyCells([5, 0, 0], [4, 0, 0])).toEqual({ reference: [5, 0], current: [4, 0] });
});
