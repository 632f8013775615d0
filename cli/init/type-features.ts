import type { CsvTable } from '../../core/csv.js';
import type { FeatureSource } from '../../core/manifest/schema.js';
import type { Problem } from '../../core/problems.js';
import type { InputPlan } from './input-plan.js';
import { type ColumnReading, readColumn } from './read-column.js';

/** A CSV file with the name it has in messages. */
export interface NamedTable {
  file: string;
  table: CsvTable;
}

/** The features of a model as model.yaml will have them, with what people should know about their types. */
export interface TypedFeatures {
  features: FeatureSource[];
  notes: string[];
  problems: Problem[];
}

/** So many different texts are categories in any number of rows; more only while they repeat. */
const FEW_CATEGORIES = 50;

/**
 * Types the features by their cells and by what the model takes.
 * @param tables  the training rows first; in any of them a value may be missing
 */
export function typeFeatures(names: string[], tables: NamedTable[], plan: InputPlan): TypedFeatures {
  const typed: TypedFeatures = { features: [], notes: [], problems: [] };
  const [training] = tables;
  for (const name of names) {
    const cells = tables.flatMap(({ table }) => table.rows.map((row) => row[name] ?? ''));
    const reading = readColumn(cells);
    const input = plan.kind === 'columns' ? plan.inputs.find((info) => info.name === name) : undefined;
    const missing = reading.missing ? { missing: true } : {};
    if (input?.type === 'string') typed.features.push({ name, type: 'categorical', ...missing });
    else if (reading.kind !== 'text') typed.features.push({ name, type: reading.kind, ...missing });
    else {
      const message = whyNoNumber(name, reading, cells.length, input !== undefined);
      if (message) typed.problems.push({ where: whereOf(tables, reading), message });
      const { values } = readColumn(training!.table.rows.map((row) => row[name] ?? ''));
      typed.features.push({ name, type: 'categorical', categories: values, ...missing });
      const some = values.slice(0, 4).map((value, i) => `${value} = ${i}`);
      if (!message) typed.notes.push(`${name}: the model takes ${some.join(', ')}${values.length > 4 ? ', …' : ''}`);
    }
  }
  return typed;
}

/** Why no number stands for the texts of a column; undefined where their place in sorted order can. */
function whyNoNumber(name: string, reading: ColumnReading, rows: number, byName: boolean): string | undefined {
  if (reading.odd) {
    return `column "${name}": "${reading.odd.text}" is not a number, and most of its cells are; correct it, or leave it empty where the value is missing`;
  }
  if (byName) {
    return `column "${name}" holds texts such as "${reading.values[0]}", and the model's input of that name takes numbers; give the rows as the model is given them, or export the whole pipeline with the encoder`;
  }
  const { length } = reading.values;
  if (length <= FEW_CATEGORIES || length * 2 <= rows) return undefined;
  return `column "${name}" holds ${length} different texts in ${rows} rows, which are no categories, and the model takes numbers; give the rows as the model is given them, or name its features with --features`;
}

function whereOf(tables: NamedTable[], { odd }: ColumnReading): string {
  if (!odd) return tables[0]!.file;
  let { row } = odd;
  for (const { file, table } of tables) {
    if (row < table.rows.length) return `${file}:${row + 2}`;
    row -= table.rows.length;
  }
  return tables[0]!.file;
}
