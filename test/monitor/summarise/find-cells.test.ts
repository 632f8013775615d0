import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { buildReferenceProfile, countCells, subjectColumns } from '../../../core/reference/profile.js';
import { cellOffsets, createFindCells } from '../../../monitor/summarise/find-cells.js';
import { drawRows, type Row, testManifest, toLiveRow } from '../fixture.js';

const many = Array.from({ length: 300 }, (_, i) => `c${i}`);

/** The two ways to count rows: column by column, as the reference is, and row by row, as live rows are. */
function countBothWays(rows: Row[], categories: string[]) {
  const manifest = testManifest('cells');
  manifest.features[2] = { ...manifest.features[2]!, type: 'categorical', categories, unseen: 'flag' };
  const batch = (of: Row[]) => ({
    rows: of.length,
    numeric: Float64Array.from(of.flatMap((r) => [r.alcohol ?? Number.NaN, r.sugar ?? Number.NaN])),
    categorical: of.map((r) => r.colour),
  });
  const predictions = (of: Row[]) => ({
    rows: of.length,
    labels: of.map((r) => (r.score >= 0.5 ? 'yes' : 'no')),
    probabilities: Float32Array.from(of.flatMap((r) => [1 - r.score, r.score])),
  });
  const reference = drawRows(createRandom(1), 2_000).map((row, i) => ({
    ...row,
    colour: categories[i % 250] ?? 'red',
  }));
  const profile = buildReferenceProfile(manifest, batch(reference), predictions(reference));
  const columns = subjectColumns(manifest, batch(rows), predictions(rows));
  const byColumn = profile.subjects.map((subject, i) => Array.from(countCells(subject, columns[i]!)));
  const offsets = cellOffsets(profile);
  const byRow = new Float64Array(offsets.at(-1)!);
  const cells = new Int32Array(profile.subjects.length);
  const findCells = createFindCells(manifest, profile);
  for (const row of rows) {
    findCells(toLiveRow(row), cells);
    for (const cell of cells) byRow[cell]!++;
  }
  return { byColumn: byColumn.flat(), byRow: Array.from(byRow), edges: profile.subjects[0]!.edges! };
}

test.each([[['red', 'white']], [many]])('a row falls into the cells that the reference is counted by', (categories) => {
  const { edges } = countBothWays([], categories);
  const rows: Row[] = [
    ...drawRows(createRandom(2), 3_000, 0.5),
    ...edges.map((alcohol) => ({ alcohol, sugar: null, colour: null, score: 0.5 })),
    ...[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, -0].map((alcohol) => ({
      alcohol,
      sugar: alcohol,
      colour: 'nobody knows',
      score: 1,
    })),
    ...many.map((colour, i) => ({ alcohol: i, sugar: i, colour, score: 0 })),
  ];
  const { byColumn, byRow } = countBothWays(rows, categories);
  expect(byRow).toEqual(byColumn);
});
