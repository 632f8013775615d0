/** A numeric (or boolean, as 0 and 1) feature: one value a row, NaN where it is missing. */
export interface NumericColumn {
  readonly name: string;
  readonly type: 'numeric';
  readonly values: Float64Array;
}

/** A categorical feature: one code a row into `categories`, -1 where it is missing. The category '' counts as missing. */
export interface CategoricalColumn {
  readonly name: string;
  readonly type: 'categorical';
  readonly categories: readonly string[];
  readonly codes: Int32Array;
}

/** One feature of a dataset. */
export type Column = NumericColumn | CategoricalColumn;

/** What is predicted: one of two classes, one of several, or a number. */
export type Task = 'binary' | 'multiclass' | 'regression';

/** Rows by column. `target` holds a class index or a value a row; `weights` is >= 0, and a row of weight 0 is left out. */
export interface Dataset {
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly target: Float64Array;
  readonly weights: Float64Array;
}

const LEAST_ROWS = 20;

/**
 * Checks that a dataset can be trained on.
 * @param classCount  number of classes; 0 for regression
 * @throws RangeError  naming the column or row: a length differs from `rows`, a name is empty or used twice, a code has no
 *   category, a target is not a class index (or not finite), a weight is negative, or fewer than 20 rows have a weight above 0
 */
export function assertDataset(dataset: Dataset, classCount: number): void {
  if (dataset.columns.length === 0) throw new RangeError('train: the dataset has no feature column; give at least one');
  const names = new Set<string>();
  for (const column of dataset.columns) {
    if (column.name === '' || names.has(column.name)) {
      throw new RangeError(
        `train: feature name "${column.name}" is empty or used twice; give each feature its own name`,
      );
    }
    names.add(column.name);
    assertColumn(column, dataset.rows);
  }
  assertLength('target', dataset.target.length, dataset.rows);
  assertLength('weights', dataset.weights.length, dataset.rows);
  let usable = 0;
  for (let row = 0; row < dataset.rows; row++) {
    assertTarget(dataset.target[row]!, classCount, row);
    const weight = dataset.weights[row]!;
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RangeError(`train: weight ${weight} in row ${row} is not a number >= 0; correct or drop that row`);
    }
    if (weight > 0) usable++;
  }
  if (usable < LEAST_ROWS) {
    throw new RangeError(
      `train: ${usable} rows have a weight above 0, needs at least ${LEAST_ROWS}; collect more rows`,
    );
  }
}

function assertColumn(column: Column, rows: number): void {
  const length = column.type === 'numeric' ? column.values.length : column.codes.length;
  assertLength(`feature "${column.name}"`, length, rows);
  if (column.type === 'numeric') return;
  for (const code of column.codes) {
    if (code < -1 || code >= column.categories.length) {
      throw new RangeError(
        `train: feature "${column.name}" has code ${code}, but only ${column.categories.length} categories; use -1 for missing`,
      );
    }
  }
}

function assertLength(what: string, length: number, rows: number): void {
  if (length !== rows) throw new RangeError(`train: ${what} has ${length} entries for ${rows} rows; give one a row`);
}

function assertTarget(target: number, classCount: number, row: number): void {
  if (classCount > 0) {
    if (Number.isInteger(target) && target >= 0 && target < classCount) return;
    throw new RangeError(`train: target ${target} in row ${row} is not a class index from 0 to ${classCount - 1}`);
  }
  if (!Number.isFinite(target)) {
    throw new RangeError(`train: target ${target} in row ${row} is not a finite number; drop that row`);
  }
}
