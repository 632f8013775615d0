import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { quantileEdges } from '../../../core/reference/edges.js';
import { countCells, type SubjectProfile } from '../../../core/reference/profile.js';
import { type DistributionCell, distributionCells } from '../../../monitor/charts/cells.js';
import { cellOf } from '../../../monitor/charts/value-mark.js';

function numeric(values: number[]): SubjectProfile {
  const numbers = Float64Array.from(values);
  const subject: SubjectProfile = { kind: 'feature', name: 'n', ...quantileEdges(numbers), counts: [] };
  return { ...subject, counts: Array.from(countCells(subject, { kind: 'feature', name: 'n', numbers })) };
}

const countsOf = (subject: SubjectProfile, values: number[]): Float64Array =>
  countCells(subject, { kind: 'feature', name: 'n', numbers: Float64Array.from(values) });
const sum = (cells: DistributionCell[], pick: (cell: DistributionCell) => number): number =>
  cells.reduce((total, cell) => total + pick(cell), 0);

test('two dozen bins of equal width, with what lies outside; the shares of each window sum to 1', () => {
  const random = createRandom(3);
  const reference = numeric(Array.from({ length: 5_000 }, () => random.normal()));
  const current = Array.from({ length: 700 }, () => random.normal() + 1).concat([Number.NaN, 1e9]);
  const cells = distributionCells(reference, countsOf(reference, current));
  expect(cells.map((cell) => cell.type)).toEqual(['below', ...new Array(24).fill('bin'), 'above', 'missing']);
  expect(sum(cells, (cell) => cell.reference_share)).toBeCloseTo(1, 12);
  expect(sum(cells, (cell) => cell.current_share)).toBeCloseTo(1, 12);
  expect(cells.at(-1)).toMatchObject({ label: 'missing', reference_share: 0, current_share: 1 / 702 });
  // The middle of the shown reference is where it was drawn: about a tenth of a normal lies between -0.13 and 0.13.
  const around = cells.filter((cell) => cell.type === 'bin' && cell.from! >= -0.5 && cell.to! <= 0.5);
  const width = around.at(-1)!.to! - around[0]!.from!;
  expect(sum(around, (cell) => cell.reference_share) / width).toBeCloseTo(0.39, 1);
});

test('few values are shown one by one, under their name; bins without rows are left out', () => {
  const reference = numeric([0, 0, 0, 0, 0, 1, 1, 1, 2, 2].flatMap((value) => new Array<number>(10).fill(value)));
  const cells = distributionCells(reference, countsOf(reference, [0, 1, 1, 7]));
  expect(cells.map(({ label, reference_share, current_share }) => [label, reference_share, current_share])).toEqual([
    ['0', 0.5, 0.25],
    ['1', 0.3, 0.5],
    ['2', 0.2, 0],
    ['2 or more', 0, 0.25],
  ]);
});

test('a value that repeats among many is one cell, not smeared over its neighbours', () => {
  const random = createRandom(4);
  const spreadValues = Array.from({ length: 2_000 }, () => 10 + 5 * random.next());
  const reference = numeric([...spreadValues, ...new Array<number>(2_000).fill(12.5)]);
  const heaviest = distributionCells(reference).sort((a, b) => b.reference_share - a.reference_share);
  expect(heaviest[0]!.reference_share).toBeGreaterThan(0.5);
  expect(heaviest[1]!.reference_share).toBeLessThan(0.06);
});

test('a feature without any value, and one of a single value', () => {
  const none = numeric(new Array<number>(50).fill(Number.NaN));
  expect(distributionCells(none)).toEqual([
    { type: 'bin', label: 'any value', reference_share: 0, current_share: 0 },
    { type: 'missing', label: 'missing', reference_share: 1, current_share: 0 },
  ]);
  const one = numeric(new Array<number>(50).fill(3));
  expect(distributionCells(one, countsOf(one, [3, 4])).map((cell) => [cell.label, cell.current_share])).toEqual([
    ['3', 0.5],
    ['3 or more', 0.5],
  ]);
});

test('of many categories the largest dozen stand alone', () => {
  const categories = Array.from({ length: 30 }, (_, i) => `c${i}`);
  const counts = [...categories.map((_, i) => (i === 20 ? 500 : 10)), 0, 0];
  const subject: SubjectProfile = { kind: 'feature', name: 'c', categories, counts };
  const current = [...categories.map((_, i) => (i === 5 ? 90 : 0)), 10, 0];
  const cells = distributionCells(subject, current);
  expect(cells).toHaveLength(13);
  expect(cells.map((cell) => cell.label)).toEqual(
    expect.arrayContaining(['c5', 'c20', '19 other categories', 'unseen']),
  );
  expect(sum(cells, (cell) => cell.reference_share)).toBeCloseTo(1, 12);
  expect(sum(cells, (cell) => cell.current_share)).toBeCloseTo(1, 12);
});

test('the cell of a value', () => {
  const cells: DistributionCell[] = [
    { type: 'below', label: 'below 0', to: 0, reference_share: 0.1, current_share: 0 },
    { type: 'bin', label: '0 to 1', from: 0, to: 1, reference_share: 0.8, current_share: 0 },
    { type: 'above', label: '1 or more', from: 1, reference_share: 0.1, current_share: 0 },
    { type: 'missing', label: 'missing', reference_share: 0, current_share: 0 },
  ];
  expect([-1, 0, 0.5, 1, null].map((value) => cellOf(cells, value)?.type)).toEqual([
    'below',
    'bin',
    'bin',
    'above',
    'missing',
  ]);
  expect(cellOf(cells, 'text')).toBeUndefined();
});
