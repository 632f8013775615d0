import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCsv } from '../../core/csv.js';
import { createRandom } from '../../core/random.js';
import { beloHorizonte } from '../../examples/belo-horizonte/example.js';
import { carPurchase } from '../../examples/car-purchase/example.js';
import { kickstarter } from '../../examples/kickstarter/example.js';
import { obesity } from '../../examples/obesity/example.js';
import type { Example, ExampleRow } from '../../examples/shared/example.js';
import { readPublished } from '../../examples/shared/read-published.js';
import { splitByDistinctRow } from '../../examples/shared/split.js';
import { wineQuality } from '../../examples/wine-quality/example.js';
import type { Column, Dataset, Task } from '../../trainer/builtin/dataset.js';
import { type Parts, prepareParts } from './prepare-parts.js';

/** A real data set on one split. */
export interface Split {
  readonly task: Task;
  readonly classes: readonly string[];
  readonly train: Dataset;
  readonly test: Dataset;
}

/** A real data set: the name of its publisher's file, and how its rows are read. */
export interface DataSet {
  readonly name: string;
  readonly task: Task;
  /** The last column is the target. */
  read(folder: string): Promise<{ columns: readonly string[]; rows: ExampleRow[] }>;
  /** Makes the features out of raw inputs, fitted on the rows that are learned from; absent where the file holds the features. */
  prepare?(parts: Parts): Promise<Parts>;
}

/** Share of the distinct rows that are learned from. */
const TRAIN_SHARE = 0.8;

const ofExample = (example: Example, task: Task): DataSet => ({
  name: example.name,
  task,
  read: async (folder) => ({
    columns: example.columns,
    rows: await readPublished(example.published, findFile(folder, example)),
  }),
});

/** The publisher's file by its own name, or by the example's. */
function findFile(folder: string, { name, published }: Example): string {
  const short = join(folder, `${name}.csv`);
  return existsSync(short) ? short : join(folder, published.file);
}

/** All numbers of the wines, of which the example takes three. */
const wineAll: DataSet = {
  name: 'wine-quality, 11 features',
  task: 'multiclass',
  read: async (folder) => {
    const { columns, rows } = await readCsv(join(folder, wineQuality.published.file));
    return {
      columns,
      rows: rows.map((cells) => ({
        key: Object.values(cells).join(';'),
        cells: { ...cells, quality: cells.quality === '9' ? '8' : cells.quality! },
      })),
    };
  },
};

/** The data sets of the benchmark. */
export const DATA_SETS: readonly DataSet[] = [
  ofExample(carPurchase, 'binary'),
  ofExample(wineQuality, 'multiclass'),
  wineAll,
  ofExample(obesity, 'multiclass'),
  { ...ofExample(kickstarter, 'binary'), prepare: (parts) => prepareParts(kickstarter, parts) },
  ofExample(beloHorizonte, 'regression'),
];

/** Splits by distinct row, so that no copy of a test row is learned. @param folder  where the publishers' files are */
export async function loadSplit(set: DataSet, folder: string, seed: number): Promise<Split> {
  const { columns: read, rows: all } = await set.read(folder);
  const [learned, held] = splitByDistinctRow(all, TRAIN_SHARE, createRandom(seed));
  const parts: Parts = { columns: read, train: learned, test: held };
  const { columns, train, test } = (await set.prepare?.(parts)) ?? parts;
  const rows = [...train, ...test];
  const target = columns.at(-1)!;
  const names = set.task === 'regression' ? [] : [...new Set(rows.map(({ cells }) => String(cells[target])))].sort();
  const toDataset = (part: readonly ExampleRow[]): Dataset => ({
    rows: part.length,
    columns: columns.slice(0, -1).map((name) => toColumn(name, part, rows)),
    target: Float64Array.from(part, ({ cells }) =>
      set.task === 'regression' ? Number(cells[target]) : names.indexOf(String(cells[target])),
    ),
    weights: new Float64Array(part.length).fill(1),
  });
  return { task: set.task, classes: names, train: toDataset(train), test: toDataset(test) };
}

/** A column is categorical if any cell of the whole file is no number; the categories are those of all rows, sorted. */
function toColumn(name: string, part: readonly ExampleRow[], all: readonly ExampleRow[]): Column {
  const isMissing = (cell: unknown): boolean => cell === null || cell === undefined || cell === '';
  const texts = all.map(({ cells }) => cells[name]).filter((cell) => !isMissing(cell));
  if (texts.every((cell) => Number.isFinite(Number(cell)))) {
    const number = (cell: unknown): number => (isMissing(cell) ? Number.NaN : Math.fround(Number(cell)));
    return { name, type: 'numeric', values: Float64Array.from(part, ({ cells }) => number(cells[name])) };
  }
  const categories = [...new Set(texts.map(String))].sort();
  const code = new Map(categories.map((category, i) => [category, i]));
  const codes = Int32Array.from(part, ({ cells }) => code.get(String(cells[name] ?? '')) ?? -1);
  return { name, type: 'categorical', categories, codes };
}
