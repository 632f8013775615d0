import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeCsv } from '../../core/csv.js';
import { packagePath } from '../../core/package-path.js';
import { createRandom } from '../../core/random.js';
import type { Example } from './example.js';
import { readPublished } from './read-published.js';
import { splitByDistinctRow } from './split.js';

/** What to prepare and where to. */
export interface PrepareOptions {
  /** Folder to write to; made when it is not there. */
  output: string;
  /** Path or http(s) address of the publisher's file; rows are generated when left out. */
  csv?: string;
  /** Rows to generate, or most rows to take of the publisher's file (drawn by the seed); as many as it has when left out. */
  rows?: number;
  seed: number;
}

/**
 * Writes the model project of an example without its model: model.yaml, reference.csv and test.csv.
 * The same options give the same files, byte for byte.
 * @returns rows of each file
 * @throws ProblemsError, Error  the publisher's file is missing or not what it should be
 */
export async function prepareProject(
  example: Example,
  options: PrepareOptions,
): Promise<{ reference: number; test: number }> {
  const random = createRandom(options.seed);
  const rows =
    options.csv === undefined
      ? example.generate(options.rows ?? example.usualRows, options.seed)
      : random.shuffle(await readPublished(example.published, options.csv)).slice(0, options.rows);
  const [reference, test] = splitByDistinctRow(rows, example.referenceShare, random);
  await mkdir(options.output, { recursive: true });
  await copyFile(packagePath(`examples/${example.name}/model.yaml`), join(options.output, 'model.yaml'));
  for (const [file, part] of [
    ['reference.csv', reference],
    ['test.csv', test],
  ] as const) {
    const cells = part.map((row) => row.cells);
    await writeCsv(join(options.output, file), [...example.columns], cells);
  }
  return { reference: reference.length, test: test.length };
}
