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

/** Rows of each file that was written. */
export interface WrittenRows {
  /** To learn from. */
  reference: number;
  /** Of the same population, not to be learned. */
  heldOut: number;
  /** To send as traffic. */
  test: number;
}

/** Share of the distinct rows beside those of test.csv that are learned from; the others are held-out.csv. */
const LEARNED_SHARE = 0.75;

/**
 * Writes the model project of an example without its model: model.yaml, reference.csv, held-out.csv and test.csv.
 * The same options give the same files, byte for byte.
 * @throws ProblemsError, Error  the publisher's file is missing or not what it should be
 */
export async function prepareProject(example: Example, options: PrepareOptions): Promise<WrittenRows> {
  const random = createRandom(options.seed);
  const rows =
    options.csv === undefined
      ? example.generate(options.rows ?? example.usualRows, options.seed)
      : random.shuffle(await readPublished(example.published, options.csv)).slice(0, options.rows);
  const [known, test] = splitByDistinctRow(rows, example.referenceShare, random);
  const [reference, heldOut] = splitByDistinctRow(known, LEARNED_SHARE, random);
  await mkdir(options.output, { recursive: true });
  await copyFile(packagePath(`examples/${example.name}/model.yaml`), join(options.output, 'model.yaml'));
  for (const [file, part] of [
    ['reference.csv', reference],
    ['held-out.csv', heldOut],
    ['test.csv', test],
  ] as const) {
    const cells = part.map((row) => row.cells);
    await writeCsv(join(options.output, file), [...example.columns], cells);
  }
  return { reference: reference.length, heldOut: heldOut.length, test: test.length };
}
