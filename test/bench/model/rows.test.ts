import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GRADE_ROWS, WINE_FEATURES } from '../../../bench/model/columns.js';
import { generateRows, readPublishedRows, type WineRow } from '../../../bench/model/rows.js';
import { packagePath } from '../../../core/package-path.js';

const published = join(process.env.PLUMBLINE_DATA ?? packagePath('../shared/data'), 'winequality-white.csv');

function mean(rows: WineRow[], name: string): number {
  return rows.reduce((sum, row) => sum + row[name]!, 0) / rows.length;
}

test('generated rows have the grades of the publisher, stay in range, and repeat with the seed', () => {
  const rows = generateRows(1);
  for (const [grade, count] of Object.entries(GRADE_ROWS)) {
    expect(rows.filter(({ quality }) => quality === Number(grade))).toHaveLength(count);
  }
  for (const { name, least, most } of WINE_FEATURES) {
    expect(rows.filter((row) => !(row[name]! >= least && row[name]! <= most))).toEqual([]);
  }
  expect(generateRows(1)).toEqual(rows);
  expect(generateRows(2)).not.toEqual(rows);
});

test.runIf(existsSync(published))('the columns say what the publisher’s file holds', async () => {
  const rows = await readPublishedRows(published);
  for (const { name, mean: said, deviation, least, most } of WINE_FEATURES) {
    expect(Math.abs(mean(rows, name) - said), name).toBeLessThan(deviation * 0.01);
    expect([Math.min(...rows.map((r) => r[name]!)), Math.max(...rows.map((r) => r[name]!))]).toEqual([least, most]);
  }
});
