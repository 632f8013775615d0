import type { CsvTable } from '../csv.js';
import type { Feature, Instance, Manifest } from '../manifest/manifest.js';
import { requestFields } from '../preparation/request-fields.js';
import { isTimestamp, TIMESTAMP_EXAMPLE } from '../preparation/timestamp.js';
import type { Problem } from '../problems.js';

/** Rows with their truth: what reference.csv, a training set and test rows hold. */
export interface LabelledRows {
  instances: Instance[];
  /** The target as text: a class, or a number. */
  targets: string[];
}

/** What people write for a number that is missing. In a categorical feature such a text is a category: NA is also Namibia. */
export const MISSING: ReadonlySet<string> = new Set(['NA', 'N/A', 'NaN', 'nan', 'null', 'NULL']);
const TRUE = new Set(['true', 'True', 'TRUE', '1', 'yes']);
const FALSE = new Set(['false', 'False', 'FALSE', '0', 'no']);

/**
 * Reads the cells of a table by the types of the manifest: its raw inputs where it has any, else its features. Extra columns are ignored. A value is missing where the cell is
 * empty and, in a numeric or boolean feature, where it is NA, N/A, NaN or null.
 * Adds to `problems` each column that is missing and the first bad cell of each column, with its line.
 * @param options.written  the table was written from checked instances: an empty cell where no value may be missing is the empty
 *   text, which a caller of the service may send for a category
 */
export function readLabelledRows(
  table: CsvTable,
  manifest: Pick<Manifest, 'features' | 'inputs' | 'target' | 'task' | 'classes'>,
  file: string,
  problems: Problem[],
  options: { written?: boolean } = {},
): LabelledRows {
  const fields = requestFields(manifest);
  const wanted = [...fields.map((f) => f.name), manifest.target];
  const absent = wanted.filter((name) => !table.columns.includes(name));
  for (const name of absent) {
    problems.push({
      where: `${file}:1`,
      message: `column "${name}" is missing; the file has ${table.columns.join(', ')}`,
    });
  }
  const present = fields.filter((f) => !absent.includes(f.name));
  const reported = new Set<string>();
  const report = (name: string, row: number, message: string): void => {
    if (reported.has(name)) return;
    reported.add(name);
    problems.push({ where: `${file}:${row + 2}`, message: `column "${name}": ${message}` });
  };
  const read = (feature: Feature, text: string, row: number): Instance[string] => {
    if (options.written && feature.type === 'categorical' && !feature.missing) return text;
    return readCell(feature, text, (message) => report(feature.name, row, message));
  };
  const instances: Instance[] = table.rows.map((cells, row) =>
    Object.fromEntries(present.map((f) => [f.name, read(f, cells[f.name] ?? '', row)])),
  );
  const targets = table.rows.map((cells, row) => {
    const text = cells[manifest.target] ?? '';
    if (!absent.includes(manifest.target)) checkTarget(manifest, text, (m) => report(manifest.target, row, m));
    return text;
  });
  return { instances, targets };
}

/** Reads one cell by the type of its feature; what does not fit is told to `report`, and null then. */
export function readCell(feature: Feature, text: string, report: (message: string) => void): Instance[string] {
  if (text === '' && feature.type === 'categorical' && feature.free === 'text' && !feature.missing) return text;
  if (text === '' || (feature.type !== 'categorical' && MISSING.has(text))) {
    if (!feature.missing) report(`a value is missing; write "missing: true" for the feature, or fill it in`);
    return null;
  }
  if (feature.type === 'categorical') {
    if (feature.free === 'timestamp' && !isTimestamp(text)) {
      report(`"${text}" is not a time with its zone; write one such as ${TIMESTAMP_EXAMPLE}`);
    }
    return text;
  }
  if (feature.type === 'boolean') {
    if (TRUE.has(text)) return true;
    if (FALSE.has(text)) return false;
    report(`"${text}" is not a boolean; write true or false`);
    return null;
  }
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  report(`"${text}" is not a number; clean it, or make the feature categorical`);
  return null;
}

function checkTarget(
  manifest: Pick<Manifest, 'task' | 'classes'>,
  text: string,
  report: (message: string) => void,
): void {
  if (manifest.task === 'regression') {
    if (text === '' || !Number.isFinite(Number(text))) report(`the target "${text}" is not a number`);
  } else if (manifest.classes.length > 0 && !manifest.classes.includes(text)) {
    report(`the target "${text}" is not one of the classes ${manifest.classes.join(', ')}`);
  }
}
