import { join } from 'node:path';
import { compiledPath, packagePath } from '../../core/package-path.js';
import { createRandom } from '../../core/random.js';
import { defaultCandidate } from '../../trainer/builtin/candidate.js';
import type { Column, Dataset } from '../../trainer/builtin/dataset.js';
import { fitCandidate } from '../../trainer/builtin/fit-candidate.js';
import { prepare } from '../../trainer/builtin/prepare.js';
import { median } from '../median.js';
import { runToEnd } from '../run-to-end.js';
import { writeSplit } from './write-split.js';

/** One size at which one model is timed. */
export interface Size {
  readonly rows: number;
  readonly numbers: number;
  readonly categories: number;
}

/** CPU seconds of one model of as many trees, each on one core. */
export interface Timed extends Size {
  iterations: number;
  leaves: number;
  builtInSeconds: number;
  lightgbmSeconds: number;
}

/** The size of the Kickstarter data, and one four times as long and twice as wide. */
export const SIZES: readonly Size[] = [
  { rows: 22_000, numbers: 8, categories: 3 },
  { rows: 80_000, numbers: 22, categories: 0 },
];
const ITERATIONS = 100;
const LEAVES = 31;
const CATEGORIES = 30;
const RUNS = 3;

/** Rows of two classes that depend on some features. The same seed gives the same rows. */
export function makeRows({ rows, numbers, categories }: Size): Dataset {
  const random = createRandom(1);
  const names = Array.from({ length: CATEGORIES }, (_, i) => String(i));
  const columns: Column[] = [
    ...Array.from({ length: numbers }, (_, i): Column => {
      return { name: `f${i}`, type: 'numeric', values: new Float64Array(rows).map(() => Math.fround(random.normal())) };
    }),
    ...Array.from({ length: categories }, (_, i): Column => {
      const codes = new Int32Array(rows).map(() => random.integer(CATEGORIES));
      return { name: `f${numbers + i}`, type: 'categorical', categories: names, codes };
    }),
  ];
  const value = (column: Column, row: number): number =>
    column.type === 'numeric' ? column.values[row]! : ((column.codes[row]! * 7) % 5) / 2 - 1;
  const target = new Float64Array(rows).map((_, row) => {
    const [a, b, c, d] = columns.slice(-4).map((column) => value(column, row));
    return 2 * a! + Math.sin(3 * b!) - c! * d! + random.normal() > 0 ? 1 : 0;
  });
  return { rows, columns, target, weights: new Float64Array(rows).fill(1) };
}

/** Times both on the same rows, three runs each in a process of its own on one core. */
export async function timeOne(size: Size, folder: string, python: string): Promise<Timed> {
  const dataset = makeRows(size);
  await writeSplit(folder, { task: 'binary', classes: ['0', '1'], train: dataset, test: dataset });
  const settings = [String(ITERATIONS), String(LEAVES)];
  const script = packagePath('bench/training/lightgbm/time_one.py');
  const theirs = await runToEnd('taskset', ['-c', '1', python, script, folder, ...settings]);
  const own = [compiledPath('bench/training/time-one.js'), JSON.stringify(size)];
  const ours = await runToEnd('taskset', ['-c', '1', process.execPath, ...own]);
  const seconds = (text: string): number => (JSON.parse(text) as { seconds: number }).seconds;
  const found = { builtInSeconds: seconds(ours), lightgbmSeconds: seconds(theirs) };
  return { ...size, iterations: ITERATIONS, leaves: LEAVES, ...found };
}

function timeOwn(size: Size): { seconds: number } {
  const dataset = makeRows(size);
  const seconds: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const before = process.cpuUsage();
    const prepared = prepare({ dataset, task: 'binary', classes: ['0', '1'] });
    const candidate = defaultCandidate('boosting', 'binary', dataset, 2);
    const none = new Int32Array(0);
    fitCandidate(prepared, { candidate, rows: prepared.rows, heldOut: none, seed: 1, iterations: ITERATIONS });
    const { user, system } = process.cpuUsage(before);
    seconds.push((user + system) / 1e6);
  }
  return { seconds: median(seconds) };
}

if (process.argv[1]?.endsWith(join('bench', 'training', 'time-one.js'))) {
  console.log(JSON.stringify(timeOwn(JSON.parse(process.argv[2]!) as Size)));
}
