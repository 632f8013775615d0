import { createRandom, type Random } from '../../core/random.js';
import { drawKey, drawNormal, round } from '../shared/draw.js';
import type { ExampleRow } from '../shared/example.js';
import { MEASURED } from './measured.js';

const COUNTS = Object.fromEntries(Object.entries(MEASURED).map(([level, { count }]) => [level, count]));
/** Height by gender, m, measured on the publisher's file. */
const HEIGHT = { Female: [1.643, 0.075], Male: [1.759, 0.072] } as const;
const ORDINAL_RANGES = {
  vegetables: [1, 3],
  main_meals: [1, 4],
  water: [1, 3],
  physical_activity: [0, 3],
  screen_time: [0, 2],
} as const;
/** Share of whole answers among the ordinals, about as in the publisher's file; the others are interpolated. */
const WHOLE_SHARE = 0.5;

/**
 * Makes people that resemble the publisher's: the level drawn by its measured share; given the level, each answer by the
 * measured shares or moments, independent of the others; height by gender; weight = body mass index · height², the
 * index drawn within the level's measured range. The same seed gives the same rows.
 */
export function generatePeople(rows: number, seed: number): ExampleRow[] {
  const random = createRandom(seed);
  return Array.from({ length: rows }, (_, i) => ({ key: `generated ${i}`, cells: generatePerson(random) }));
}

function generatePerson(random: Random): ExampleRow['cells'] {
  const level = drawKey(random, COUNTS);
  const measured = MEASURED[level]!;
  const gender = random.next() < measured.female ? 'Female' : 'Male';
  const height = drawNormal(random, HEIGHT[gender], { least: 1.45, most: 1.98, decimals: 2 });
  const [least, most] = measured.massIndexRange;
  const massIndex = drawNormal(random, measured.massIndex, { least, most, decimals: 3 });
  const cells: ExampleRow['cells'] = {
    gender,
    age: drawNormal(random, measured.age, { least: 14, most: 61, decimals: 1 }),
    height,
    weight: round(massIndex * height ** 2, 1),
    obesity_level: level,
  };
  for (const [name, share] of Object.entries(measured.booleans)) cells[name] = random.next() < share;
  for (const [name, counts] of Object.entries(measured.categories)) cells[name] = drawKey(random, counts);
  for (const [name, [low, high]] of Object.entries(ORDINAL_RANGES)) {
    const moments = measured.ordinals[name as keyof typeof ORDINAL_RANGES];
    const decimals = random.next() < WHOLE_SHARE ? 0 : 3;
    // Wider by half a step, so that whole answers at the ends come as often as they should.
    cells[name] = Math.min(
      high,
      Math.max(low, drawNormal(random, moments, { least: low - 0.5, most: high + 0.5, decimals })),
    );
  }
  return cells;
}
