import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCsv } from '../../../core/csv.js';
import type { PredictionBatch } from '../../../core/inference/batch.js';
import type { Instance, Manifest } from '../../../core/manifest/manifest.js';
import type { Problem } from '../../../core/problems.js';
import { readLabelledRows } from '../../../core/project/reference.js';
import { createRandom } from '../../../core/random.js';
import { readTrainingInput, writeTrainingInput } from '../../../core/training/contract.js';
import { resolvePlan } from '../../../core/training/plan.js';
import { freezeReference } from '../../../trainer/promote/freeze-reference.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-contract-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Texts that some reader of CSV takes for something else. */
const TEXTS = [
  ...['NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'undefined', 'true', '1', '1e3', '-', '=1+1', '#', '0x10'],
  ...[' red', 'red ', ' ', '\tred', 'red\u00a0', '\ufeffred', '"red"', 'a "b" c', '"', "'", 'a,b', 'a;b'],
  ...['a\nb', 'a\r\nb', 'a\rb', '\n', 'red\r', 'red\u2028', '\\', '\\n', 'Zürich', '赤', '🍷'],
];
const NUMBERS = [
  ...[0, -0, 0.1 + 0.2, 1 / 3, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 53 + 2],
  ...[Number.MIN_SAFE_INTEGER, Math.PI, Math.fround(0.1), 123456789.12345679],
];

const classes = [' low', 'NA', 'high, or more'];
const manifest = {
  name: 'odd',
  task: 'multiclass',
  target: ' the "class" ',
  classes,
  features: [
    { name: 'country', type: 'categorical', categories: ['NA'], missing: false, unseen: 'flag' },
    { name: 'size, in m', type: 'numeric', missing: true, outOfRange: 'flag' },
    { name: ' colour', type: 'categorical', categories: TEXTS, missing: true, unseen: 'flag' },
    { name: 'new', type: 'boolean', missing: true },
  ],
  monitoring: {},
} as unknown as Manifest;

function oddRows(): { instances: Instance[]; targets: string[]; weights: number[] } {
  const random = createRandom(8);
  const pick = <T>(values: readonly T[]): T => values[random.integer(values.length)]!;
  const bits = new DataView(new ArrayBuffer(8));
  const anyNumber = (): number => {
    bits.setUint32(0, random.integer(2 ** 31));
    bits.setUint32(4, random.integer(2 ** 31));
    return Number.isFinite(bits.getFloat64(0)) ? bits.getFloat64(0) : 0;
  };
  const instances: Instance[] = Array.from({ length: 2_000 }, (_, i) => ({
    country: TEXTS[i] ?? pick([...TEXTS, '']),
    'size, in m': NUMBERS[i] ?? pick([anyNumber(), null]),
    ' colour': TEXTS[TEXTS.length - i] ?? pick([...TEXTS, null]),
    new: pick([true, false, null]),
  }));
  return { instances, targets: instances.map(() => pick(classes)), weights: instances.map(() => random.next()) };
}

test('a training set is read back exactly as it was written', async () => {
  const rows = oddRows();
  const request = { modelName: 'odd', seed: 1, parentVersion: 1, metric: 'accuracy' } as const;
  await writeTrainingInput(folder, manifest, rows, request);
  const read = await readTrainingInput(folder);
  expect(read).toEqual({ manifest, rows, request: { ...request, training: resolvePlan(manifest) } });
  // toEqual takes -0 for another number than 0, as Object.is does.
  expect(Object.is(read.rows.instances[1]!['size, in m'], -0)).toBe(true);
});

test('a frozen reference is read back exactly as it was written', () => {
  const rows = oddRows();
  const answers: PredictionBatch = { rows: rows.targets.length, labels: rows.targets };
  const { referenceCsv } = freezeReference(manifest, { recent: rows, heldOut: rows }, answers);
  const problems: Problem[] = [];
  const table = parseCsv(referenceCsv.toString('utf8'), 'reference');
  const { instances, targets } = readLabelledRows(table, manifest, 'reference', problems, { written: true });
  expect(problems).toEqual([]);
  expect(instances).toEqual(rows.instances);
  expect(targets).toEqual(rows.targets);
});
