import { utimes, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeParts, newPart } from '../../../cli/predict/parts.js';
import { createFolder } from './fixture.js';

let folder: Awaited<ReturnType<typeof createFolder>>;
beforeAll(async () => {
  folder = await createFolder();
});
afterAll(() => folder.remove());

test('tells of what a killed run has left of the same output, and leaves it there', async () => {
  const output = folder.path('scored.csv');
  expect(await describeParts(output)).toEqual([]);
  const part = newPart(output);
  for (const path of [part, newPart(folder.path('other.csv')), `${output}.part`, `${output}.notes.part`]) {
    await writeFile(path, 'half');
  }
  await utimes(part, 0, 0);
  const sentence = `${part} is of a run that was killed, or still writes it (last at 1970-01-01T00:00:00.000Z); if none runs, delete it`;
  expect(await describeParts(output)).toEqual([sentence]);
  expect(await describeParts(output)).toEqual([sentence]);
});

test('a folder that is not there has none', async () => {
  expect(await describeParts(folder.path('missing/scored.csv'))).toEqual([]);
});
