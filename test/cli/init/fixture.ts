import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ask } from '../../../cli/init/ask.js';
import { type InitOptions, initProject } from '../../../cli/init/init-project.js';
import { formatCsv } from '../../../core/csv.js';
import { createRandom } from '../../../core/random.js';
import type { Linear } from './models.js';

/** What a row may hold. */
export type Row = Record<string, unknown>;

/** A model that has learned the rows of `flowers`: its largest score is that of the widest part. */
export const FLOWERS: Linear = {
  weights: [
    [2, 0, 0],
    [0, 2, 0],
    [0, 0, 2],
  ],
  intercepts: [0, 0, 0],
};
export const KINDS = ['iris', 'lily', 'rose'];

/** Seeded rows of three numbers and the kind that they belong to, one in ten of another kind. */
export function flowers(count: number, seed: number, kinds: (string | number | boolean)[] = KINDS): Row[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const parts = [random.normal(), random.normal(), random.normal()];
    const widest = parts.indexOf(Math.max(...parts));
    const kind = kinds[random.next() < 0.1 ? random.integer(3) : widest]!;
    return { sepal: parts[0]!, petal: parts[1]!, stem: parts[2]!, kind };
  });
}

/** A model that has learned the rows of `prices`. */
export const PRICES: Linear = { weights: [[3, -2]], intercepts: [10] };

/** Seeded rows of two numbers and a price. */
export function prices(count: number, seed: number): Row[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const [size, age] = [random.normal(), random.normal()];
    return { size, age, price: 10 + 3 * size - 2 * age + 0.3 * random.normal() };
  });
}

/** A folder for one test. */
export interface Place {
  /** Writes model and rows, and makes the project `FOLDER/my-model` of them. @returns what it said */
  init(parts: Parts, wishes?: Partial<InitOptions>, ask?: Ask): Promise<string>;
  folder: string;
  project: string;
  remove(): Promise<void>;
}

/** Content of the files that a project is made from. */
export interface Parts {
  onnx: Uint8Array;
  rows: Row[];
  test?: Row[];
  /** In this order; that of the first row when left out. */
  columns?: string[];
}

/** Makes a place to try init in. */
export async function createPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-init-test-'));
  const project = join(folder, 'my-model');
  const files = { onnx: join(folder, 'flowers.onnx'), csv: join(folder, 'train.csv'), test: join(folder, 'test.csv') };
  return {
    folder,
    project,
    remove: () => rm(folder, { recursive: true, force: true }),
    init: async ({ onnx, rows, test, columns = Object.keys(rows[0]!) }, wishes = {}, ask) => {
      await writeFile(files.onnx, onnx);
      await writeFile(files.csv, formatCsv(columns, rows));
      if (test) await writeFile(files.test, formatCsv(columns, test));
      const said: string[] = [];
      const paths = { onnx: files.onnx, csv: files.csv, ...(test && { test: files.test }) };
      const say = (line: string): unknown => said.push(line);
      await initProject(project, { ...paths, ...wishes }, { say, ...(ask && { ask }) });
      return said.join('\n');
    },
  };
}
