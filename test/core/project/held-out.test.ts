import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeCsv } from '../../../core/csv.js';
import { loadProject } from '../../../core/project/load.js';
import { addModel } from '../../../core/project/register.js';
import { loadChampion } from '../../../core/registry/versions.js';
import { createDatabase } from '../../helpers/postgres.js';
import { type SmallRow, smallRows, writeSmallProject } from '../../helpers/project.js';

const COLUMNS = ['size', 'weight', 'colour', 'grade'];
let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** The version that the small project becomes, with held-out rows or without. */
async function frozen(heldOut?: SmallRow[]) {
  const { folder, remove } = await writeSmallProject();
  try {
    if (heldOut) await writeCsv(join(folder, 'held-out.csv'), COLUMNS, heldOut);
    await addModel(database.pool, await loadProject(folder), 'test');
    return (await loadChampion(database.pool, 'small-model'))!;
  } finally {
    await remove();
  }
}

test('performance and calibration are frozen from held-out.csv where there is one, else from reference.csv', async () => {
  const learned = (await frozen()).referencePerformance!;
  expect(learned).toMatchObject({ rows: 600, heldOut: false });
  const honest = (await frozen(smallRows(400, 77))).referencePerformance!;
  expect(honest).toMatchObject({ rows: 400, heldOut: true });
  expect(honest.calibration).toHaveLength(3);
  expect(honest.scoreEdges.map((edges) => edges.class)).toEqual([0, 1, 2]);
  expect(honest.sums).not.toEqual(learned.sums);
});

test('predictions are compared with the answers to held-out.csv, features with reference.csv', async () => {
  const { referenceProfile } = await frozen(smallRows(400, 77));
  expect(referenceProfile).toMatchObject({ rows: 600, heldOutRows: 400 });
  const rows = referenceProfile.subjects.map(({ kind, counts }) => [kind, counts.reduce((sum, count) => sum + count)]);
  expect(new Set(rows.map(String))).toEqual(new Set(['feature,600', 'prediction,400']));
  expect((await frozen()).referenceProfile.heldOutRows).toBeUndefined();
});

test('a fault in held-out.csv is told with its line', async () => {
  const rows = smallRows(3, 78);
  await expect(frozen([rows[0]!, { ...rows[1]!, grade: 'huge' }])).rejects.toThrow(
    'held-out.csv:3  column "grade": the target "huge" is not one of the classes low, mid, high',
  );
});

test('a version tells which held-out.csv it was registered with', async () => {
  const digest = async (rows: ReturnType<typeof smallRows>) => (await frozen(rows)).lineage.heldOutDigest;
  const first = await digest(smallRows(400, 77));
  expect(first).toMatch(/^sha256:/);
  expect(await digest(smallRows(400, 77))).toBe(first);
  expect(await digest(smallRows(400, 78))).not.toBe(first);
  expect((await frozen()).lineage).toEqual({});
});
