import { readFile } from 'node:fs/promises';
import type { CsvTable } from '../../core/csv.js';
import { decodeInstances } from '../../core/inference/batch.js';
import { parseManifest } from '../../core/manifest/parse.js';
import { packagePath } from '../../core/package-path.js';
import { fitPreparation } from '../../core/preparation/fit.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import { type Problem, ProblemsError } from '../../core/problems.js';
import { type LabelledRows, readLabelledRows } from '../../core/project/reference.js';
import { resolveManifest } from '../../core/project/resolve.js';
import type { Example, ExampleRow } from '../../examples/shared/example.js';

/** The two sides of a split. The last column is the target. */
export interface Parts {
  columns: readonly string[];
  train: readonly ExampleRow[];
  test: readonly ExampleRow[];
}

/**
 * Makes the features of an example out of its raw inputs, as its model.yaml says and as the service does; what is taken from
 * training rows, such as medians, is fitted on `train` alone.
 * @throws ProblemsError  a row does not fit the manifest
 */
export async function prepareParts(example: Example, { columns, train, test }: Parts): Promise<Parts> {
  const problems: Problem[] = [];
  const source = parseManifest(await readFile(packagePath(`examples/${example.name}/model.yaml`), 'utf8'));
  const table = toTable(columns, train);
  const unfitted = resolveManifest(source, undefined, table, problems).manifest;
  const learned = readLabelledRows(table, unfitted, 'rows to learn from', problems);
  const held = readLabelledRows(toTable(columns, test), unfitted, 'test rows', problems);
  if (problems.length > 0) throw new ProblemsError(example.name, problems);
  const manifest = fitPreparation(unfitted, learned);
  const prepare = (part: readonly ExampleRow[], { instances, targets }: LabelledRows): ExampleRow[] =>
    decodeInstances(manifest, encodeRows(manifest, instances)).map((features, i) => {
      const cells = manifest.features.map(({ name }) => [name, features[name] ?? null] as const);
      return { key: part[i]!.key, cells: { ...Object.fromEntries(cells), [manifest.target]: targets[i]! } };
    });
  return {
    columns: [...manifest.features.map(({ name }) => name), manifest.target],
    train: prepare(train, learned),
    test: prepare(test, held),
  };
}

function toTable(columns: readonly string[], part: readonly ExampleRow[]): CsvTable {
  const rows = part.map(({ cells }) =>
    Object.fromEntries(columns.map((column) => [column, String(cells[column] ?? '')])),
  );
  return { columns: [...columns], rows };
}
