import { createRandom } from '../../../core/random.js';
import type { CategoricalColumn, Column, Dataset, NumericColumn } from '../../../trainer/builtin/dataset.js';

/** What a synthetic dataset is made of. */
export interface SyntheticOptions {
  readonly rows: number;
  readonly seed: number;
  /** Share of values missing in each feature. */
  readonly missing?: number;
  /** Adds a categorical feature of this many categories that shifts the score. */
  readonly categories?: number;
}

/** Rows with a known score: 2 x0 + sin(3 x1) - x2 x0 (+ the category's effect) + noise of 0.3; x3 says nothing. */
export interface Scored {
  readonly rows: number;
  readonly columns: Column[];
  readonly scores: Float64Array;
}

/** Makes the features and the score; a missing x0 adds 1.5 to the score, so that missing values carry information. */
export function makeScored({ rows, seed, missing = 0, categories = 0 }: SyntheticOptions): Scored {
  const random = createRandom(seed);
  const names = ['x0', 'x1', 'x2', 'x3'];
  const values = names.map(() => Float64Array.from({ length: rows }, () => random.normal()));
  const codes = Int32Array.from({ length: rows }, () => (categories > 0 ? random.integer(categories) : -1));
  const scores = Float64Array.from({ length: rows }, (_, row) => {
    const [x0, x1, x2] = values.map((column) => column[row]!);
    const effect = categories > 0 ? ((codes[row]! * 7) % 5) - 2 : 0;
    return 2 * x0! + Math.sin(3 * x1!) - x2! * x0! + effect + 0.3 * random.normal();
  });
  for (let row = 0; row < rows; row++) {
    for (const column of values) {
      if (random.next() >= missing) continue;
      column[row] = Number.NaN;
      if (column === values[0]) scores[row]! += 1.5;
    }
    if (random.next() < missing) codes[row] = -1;
  }
  const columns: Column[] = names.map((name, i): NumericColumn => ({ name, type: 'numeric', values: values[i]! }));
  if (categories > 0)
    columns.splice(2, 0, { name: 'colour', type: 'categorical', categories: colours(categories), codes });
  return { rows, columns, scores };
}

/** Category names with spaces, quotes and letters of several scripts. */
export function colours(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${['rot', "l'été", 'χ 1', '赤'][i % 4]} ${i}`);
}

/** The score itself as the target, moved and scaled like a price. */
export function asRegression({ rows, columns, scores }: Scored): Dataset {
  return { rows, columns, target: scores.map((score) => 500_000 + 50_000 * score), weights: ones(rows) };
}

/** Classes by equal steps of the score: class k above the k-th of classCount - 1 cuts from -2 to 2. */
export function asClasses({ rows, columns, scores }: Scored, classCount: number): Dataset {
  const cut = (k: number): number => (classCount === 2 ? 0 : -2 + (4 * k) / (classCount - 2));
  const cuts = Array.from({ length: classCount - 1 }, (_, k) => cut(k));
  const target = scores.map((score) => cuts.filter((edge) => score > edge).length);
  return { rows, columns, target, weights: ones(rows) };
}

/** Weight 1 for every row. */
export function ones(rows: number): Float64Array {
  return new Float64Array(rows).fill(1);
}

/** Some rows of a dataset, in the order given. */
export function takeRows(dataset: Dataset, rows: readonly number[]): Dataset {
  return {
    rows: rows.length,
    columns: dataset.columns.map((column) => takeColumn(column, rows)),
    target: Float64Array.from(rows, (row) => dataset.target[row]!),
    weights: Float64Array.from(rows, (row) => dataset.weights[row]!),
  };
}

function takeColumn(column: Column, rows: readonly number[]): Column {
  if (column.type === 'numeric') return { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) };
  return { ...column, codes: Int32Array.from(rows, (row) => column.codes[row]!) } satisfies CategoricalColumn;
}
