import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadProject } from '../../../core/project/load.js';
import { addModel } from '../../../core/project/register.js';
import { digestOf } from '../../../core/registry/artefacts.js';
import { loadChampion } from '../../../core/registry/versions.js';
import { createDatabase } from '../../helpers/postgres.js';
import { writeSmallProject } from '../../helpers/project.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** The metrics registered with the small project beside the record of a training. */
async function registered(record: (onnx: Buffer) => string | undefined) {
  const { folder, remove } = await writeSmallProject();
  try {
    const text = record(await readFile(join(folder, 'model.onnx')));
    if (text !== undefined) await writeFile(join(folder, 'training.json'), text);
    await addModel(database.pool, await loadProject(folder), 'test');
    return (await loadChampion(database.pool, 'small-model'))!.metrics;
  } finally {
    await remove();
  }
}

const metrics = { rows: 120, accuracy: 0.9 };

test('a version has what the training of its model measured, and nothing of the training of another one', async () => {
  expect(await registered((onnx) => JSON.stringify({ modelDigest: digestOf(onnx), metrics }))).toEqual({
    training: metrics,
  });
  const other = digestOf(Buffer.from('another model'));
  expect(await registered(() => JSON.stringify({ modelDigest: other, metrics }))).toEqual({});
  expect(await registered(() => undefined)).toEqual({});
});

test('a record that cannot be read is told', async () => {
  await expect(registered(() => '{')).rejects.toThrow(/training\.json cannot be read; remove it/);
});
