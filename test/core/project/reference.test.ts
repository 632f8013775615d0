import { expect, test } from 'vitest';
import { parseCsv } from '../../../core/csv.js';
import type { Manifest } from '../../../core/manifest/manifest.js';
import type { Problem } from '../../../core/problems.js';
import { readLabelledRows } from '../../../core/project/reference.js';

const manifest = {
  task: 'regression',
  target: 'y',
  classes: [],
  features: [
    { name: 'country', type: 'categorical', categories: ['NA', 'DE'], missing: true, unseen: 'flag' },
    { name: 'size', type: 'numeric', missing: true, outOfRange: 'flag' },
    { name: 'new', type: 'boolean', missing: true },
  ],
} as unknown as Manifest;

function read(cells: string, written = false, from: Manifest = manifest) {
  const problems: Problem[] = [];
  const table = parseCsv(`country,size,new,y\n${cells}\n`, 'reference.csv');
  const { instances } = readLabelledRows(table, from, 'reference.csv', problems, { written });
  return { instance: instances[0], problems };
}

test.each(['NA', 'N/A', 'NaN', 'nan', 'null', 'NULL'])('%s is a category, but no number and no boolean', (text) => {
  expect(read(`${text},${text},${text},1`)).toEqual({
    instance: { country: text, size: null, new: null },
    problems: [],
  });
});

test('an empty cell is missing in every feature', () => {
  expect(read(',,,1').instance).toEqual({ country: null, size: null, new: null });
});

test('an empty cell where none may be is a problem, and an empty text in a file that was written from checked rows', () => {
  const strict = { ...manifest, features: manifest.features.map((feature) => ({ ...feature, missing: false })) };
  expect(read(',1,true,1', false, strict).problems[0]).toMatchObject({ where: 'reference.csv:2' });
  expect(read(',1,true,1', true, strict)).toEqual({ instance: { country: '', size: 1, new: true }, problems: [] });
  expect(read('DE,,true,1', true, strict).problems[0]!.message).toContain('column "size": a value is missing');
});
