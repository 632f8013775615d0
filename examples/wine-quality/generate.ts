import { createRandom, type Random } from '../../core/random.js';
import { drawKey, drawLogNormal, type Moments } from '../shared/draw.js';
import type { ExampleRow } from '../shared/example.js';

/** Number of rows of the publisher's file, which the generator makes unless told otherwise. */
export const PUBLISHED_ROWS = 4898;
/** Of those, 937 repeat another row exactly. */
const REPEATED_SHARE = 937 / PUBLISHED_ROWS;

interface Grade {
  readonly count: number;
  readonly alcohol: Moments;
  readonly volatileAcidity: Moments;
  readonly sulphates: Moments;
}

/** Per grade, measured on the publisher's winequality-white.csv (9 merged into 8): rows, mean and standard deviation. */
const MEASURED: Readonly<Record<string, Grade>> = {
  3: { count: 20, alcohol: [10.345, 1.224], volatileAcidity: [0.333, 0.141], sulphates: [0.475, 0.12] },
  4: { count: 163, alcohol: [10.152, 1.003], volatileAcidity: [0.381, 0.173], sulphates: [0.476, 0.118] },
  5: { count: 1457, alcohol: [9.809, 0.847], volatileAcidity: [0.302, 0.1], sulphates: [0.482, 0.098] },
  6: { count: 2198, alcohol: [10.575, 1.148], volatileAcidity: [0.261, 0.088], sulphates: [0.491, 0.113] },
  7: { count: 880, alcohol: [11.368, 1.247], volatileAcidity: [0.263, 0.091], sulphates: [0.503, 0.13] },
  8: { count: 180, alcohol: [11.651, 1.274], volatileAcidity: [0.278, 0.107], sulphates: [0.486, 0.146] },
};

/**
 * Makes wines that resemble the publisher's: grades drawn by their measured shares; given the grade, each measurement is
 * log-normal with the measured mean and deviation (alcohol above a floor of 6 % vol), redrawn outside the measured
 * range, rounded as published, and independent of the others (their measured correlations are below 0.07).
 * About 19 % of the rows repeat an earlier one, as in the original. The same seed gives the same rows.
 */
export function generateWines(rows: number, seed: number): ExampleRow[] {
  const random = createRandom(seed);
  const wines: ExampleRow[] = [];
  while (wines.length < rows) {
    const repeated = wines.length > 0 && random.next() < REPEATED_SHARE;
    wines.push(repeated ? wines[random.integer(wines.length)]! : generateWine(random, `generated ${wines.length}`));
  }
  return wines;
}

const SHARES = Object.fromEntries(Object.entries(MEASURED).map(([grade, { count }]) => [grade, count]));

function generateWine(random: Random, key: string): ExampleRow {
  const quality = drawKey(random, SHARES);
  const grade = MEASURED[quality]!;
  return {
    key,
    cells: {
      alcohol: drawLogNormal(random, grade.alcohol, { floor: 6, least: 8, most: 14.2, decimals: 1 }),
      volatile_acidity: drawLogNormal(random, grade.volatileAcidity, { floor: 0, least: 0.08, most: 1.1, decimals: 2 }),
      sulphates: drawLogNormal(random, grade.sulphates, { floor: 0, least: 0.22, most: 1.08, decimals: 2 }),
      quality,
    },
  };
}
