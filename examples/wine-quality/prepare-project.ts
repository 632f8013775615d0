import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeCsv } from '../../core/csv.js';
import { packagePath } from '../../core/package-path.js';
import { createRandom } from '../../core/random.js';
import { generateWines, PUBLISHED_ROWS } from './generate.js';
import { readPublishedWines } from './published.js';
import { splitByDistinctRow } from './split.js';
import { WINE_COLUMNS } from './wine.js';

const REFERENCE_SHARE = 0.6;

/** What to prepare and where to. */
export interface PrepareOptions {
  /** Folder to write to; made when it is not there. */
  output: string;
  /** Path or http(s) address of the publisher's file; rows are generated when left out. */
  csv?: string;
  /** Rows to generate, or most rows to take of the publisher's file (drawn by the seed); all 4,898 when left out. */
  rows?: number;
  seed: number;
}

/**
 * Writes the wine model project without its model: model.yaml, reference.csv (60 % of the distinct rows) and test.csv.
 * The same options give the same files, byte for byte.
 * @returns rows of each file
 * @throws ProblemsError, Error  the publisher's file is missing or not what it should be
 */
export async function prepareProject(options: PrepareOptions): Promise<{ reference: number; test: number }> {
  const random = createRandom(options.seed);
  const wines =
    options.csv === undefined
      ? generateWines(options.rows ?? PUBLISHED_ROWS, options.seed)
      : random.shuffle(await readPublishedWines(options.csv)).slice(0, options.rows);
  const [reference, test] = splitByDistinctRow(wines, REFERENCE_SHARE, random);
  await mkdir(options.output, { recursive: true });
  await copyFile(packagePath('examples/wine-quality/model.yaml'), join(options.output, 'model.yaml'));
  await writeCsv(
    join(options.output, 'reference.csv'),
    [...WINE_COLUMNS],
    reference.map((wine) => ({ ...wine })),
  );
  await writeCsv(
    join(options.output, 'test.csv'),
    [...WINE_COLUMNS],
    test.map((wine) => ({ ...wine })),
  );
  return { reference: reference.length, test: test.length };
}
