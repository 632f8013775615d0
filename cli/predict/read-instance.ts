import type { Feature, Instance } from '../../core/manifest/manifest.js';
import { type Problem, ProblemsError } from '../../core/problems.js';
import { readCell } from '../../core/project/reference.js';
import type { PlainValue, RowColumn } from './files/row-file.js';

/** Turns the cells of a row into what the service takes, or says in words why they are none. */
export type ReadInstance = (cells: unknown[]) => { instance: Instance } | { problem: string };

/**
 * Prepares the reading of rows for a model by the names of the columns; further columns are left alone. Cells are read as those of
 * reference.csv are.
 * @param fields  what a request of the model holds
 * @throws ProblemsError  a column is missing or stands twice
 */
export function createReadInstance(fields: Feature[], columns: RowColumn[], file: string): ReadInstance {
  assertColumns(fields, columns, file);
  const wanted = fields.map((field) => ({ field, at: columns.findIndex(({ name }) => name === field.name) }));
  return (cells) => {
    const problems: string[] = [];
    const instance: Instance = {};
    for (const { field, at } of wanted) {
      instance[field.name] = readValue(field, columns[at]!.plain(cells[at]), (message) =>
        problems.push(`column "${field.name}": ${message}`),
      );
    }
    return problems.length > 0 ? { problem: problems.join('; ') } : { instance };
  };
}

function readValue(field: Feature, value: PlainValue, report: (message: string) => void): Instance[string] {
  if (field.type === 'numeric' && typeof value === 'number' && Number.isFinite(value)) return value;
  if (field.type === 'boolean' && typeof value === 'boolean') return value;
  return readCell(field, value === null ? '' : String(value), report);
}

function assertColumns(fields: Feature[], columns: RowColumn[], file: string): void {
  const names = columns.map(({ name }) => name);
  const problems: Problem[] = fields
    .filter(({ name }) => !names.includes(name))
    .map(({ name }) => ({
      where: file,
      message: `column "${name}" is missing; the file has ${names.join(', ')}`,
    }));
  for (const name of new Set(names.filter((name, i) => names.indexOf(name) !== i))) {
    problems.push({ where: file, message: `column "${name}" stands there twice; rename one` });
  }
  if (problems.length > 0) throw new ProblemsError(file, problems);
}
