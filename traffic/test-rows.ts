import { readCsv } from '../core/csv.js';
import type { Instance } from '../core/manifest/manifest.js';
import { type Problem, ProblemsError } from '../core/problems.js';
import { readLabelledRows } from '../core/project/reference.js';
import type { ModelDescription } from './model-description.js';

/** One row of traffic: what is sent, and the truth that its outcome will tell. */
export interface TestRow {
  instance: Instance;
  /** A class, or a number as text. */
  target: string;
}

/**
 * Reads test rows by the features and target of a model.
 * @throws ProblemsError  the file has no rows, lacks a column, or holds a cell that does not fit, with its line
 * @throws Error  the file cannot be read
 */
export async function loadTestRows(path: string, model: ModelDescription): Promise<TestRow[]> {
  const problems: Problem[] = [];
  const table = await readCsv(path).catch((error: NodeJS.ErrnoException) => {
    const what = error.code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new Error(`--rows ${path} ${what}; give a CSV file with the features and "${model.target}"`, {
      cause: error,
    });
  });
  if (table.rows.length === 0) {
    throw new ProblemsError(path, [{ where: path, message: 'has no rows; give the test rows of the model' }]);
  }
  const { instances, targets } = readLabelledRows(table, model, path, problems);
  if (problems.length > 0) throw new ProblemsError(path, problems);
  return instances.map((instance, i) => ({ instance, target: targets[i]! }));
}
