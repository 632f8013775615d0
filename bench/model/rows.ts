import { readCsv } from '../../core/csv.js';
import { createRandom, type Random } from '../../core/random.js';
import { GRADE_MOMENTS, GRADE_ROWS, WINE_FEATURES, type WineColumn } from './columns.js';

/** A labelled row: a number a feature, by name, and `quality`. */
export type WineRow = Record<string, number>;

/**
 * Makes 4,898 rows that resemble the publisher's: as many of each grade, and each measurement normal with the measured
 * mean, deviation and correlation with the grade, redrawn outside the measured range and rounded as published;
 * given the grade the measurements are independent. Shuffled; the same seed gives the same rows.
 */
export function generateRows(seed: number): WineRow[] {
  const random = createRandom(seed);
  const grades = Object.entries(GRADE_ROWS).flatMap(([grade, rows]) => new Array<number>(rows).fill(Number(grade)));
  return random.shuffle(grades).map((quality) => {
    const row: WineRow = {};
    for (const feature of WINE_FEATURES) row[feature.name] = draw(random, feature, quality);
    row.quality = quality;
    return row;
  });
}

/** Reads the publisher's winequality-white.csv. @throws Error that names the first missing column or bad cell */
export async function readPublishedRows(path: string): Promise<WineRow[]> {
  const { rows } = await readCsv(path);
  return rows.map((cells, index) => {
    const number = (column: string): number => {
      const value = Number(cells[column] ?? 'nothing');
      if (Number.isFinite(value)) return value;
      throw new Error(
        `${path}, row ${index + 1}: column "${column}" is "${cells[column] ?? 'missing'}", not a number; give the publisher's winequality-white.csv`,
      );
    };
    const row: WineRow = {};
    for (const { name, published } of WINE_FEATURES) row[name] = number(published);
    row.quality = number('quality');
    return row;
  });
}

function draw(random: Random, feature: WineColumn, quality: number): number {
  const { mean, deviation, least, most, correlation, decimals } = feature;
  const grade = (quality - GRADE_MOMENTS.mean) / GRADE_MOMENTS.deviation;
  for (;;) {
    const z = correlation * grade + Math.sqrt(1 - correlation ** 2) * random.normal();
    const value = mean + deviation * z;
    if (value >= least && value <= most) return Number(value.toFixed(decimals));
  }
}
