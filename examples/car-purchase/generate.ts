import { createRandom, type Random } from '../../core/random.js';
import type { ExampleRow } from '../shared/example.js';

/** People and buyers of one band of ages by band of salaries. */
type Cell = readonly [people: number, buyers: number];

/** Lowest and highest salary of each band, in steps of 500. */
const SALARY_BANDS = [
  [15_000, 40_000],
  [40_500, 60_000],
  [60_500, 80_000],
  [80_500, 100_000],
  [100_500, 152_500],
] as const;

/** Measured on the publisher's car_data.csv: a row a band of ages, a column a band of salaries, and the share of women. */
const MEASURED: readonly { ages: readonly [number, number]; female: number; cells: readonly Cell[] }[] = [
  {
    ages: [18, 25],
    female: 0.478,
    cells: [
      [32, 0],
      [16, 0],
      [20, 0],
      [24, 0],
      [0, 0],
    ],
  },
  {
    ages: [26, 30],
    female: 0.496,
    cells: [
      [30, 0],
      [25, 0],
      [15, 0],
      [38, 2],
      [11, 8],
    ],
  },
  {
    ages: [31, 35],
    female: 0.513,
    cells: [
      [25, 0],
      [24, 0],
      [26, 0],
      [12, 3],
      [26, 18],
    ],
  },
  {
    ages: [36, 40],
    female: 0.449,
    cells: [
      [12, 0],
      [52, 0],
      [81, 9],
      [22, 13],
      [40, 37],
    ],
  },
  {
    ages: [41, 45],
    female: 0.481,
    cells: [
      [7, 4],
      [34, 1],
      [69, 7],
      [18, 9],
      [28, 25],
    ],
  },
  {
    ages: [46, 50],
    female: 0.54,
    cells: [
      [46, 43],
      [25, 16],
      [11, 3],
      [24, 16],
      [33, 30],
    ],
  },
  {
    ages: [51, 63],
    female: 0.644,
    cells: [
      [41, 41],
      [24, 19],
      [19, 17],
      [24, 22],
      [66, 59],
    ],
  },
];

const PEOPLE = MEASURED.flatMap(({ cells }) => cells).reduce((sum, [people]) => sum + people, 0);

/**
 * Makes people that resemble the publisher's: the band of age and salary drawn by its measured share, both uniform within it,
 * a purchase by the measured share of buyers there. The same seed gives the same rows.
 */
export function generateBuyers(rows: number, seed: number): ExampleRow[] {
  const random = createRandom(seed);
  return Array.from({ length: rows }, (_, i) => ({ key: `generated ${i}`, cells: generateBuyer(random) }));
}

function generateBuyer(random: Random): ExampleRow['cells'] {
  let left = random.next() * PEOPLE;
  for (const { ages, female, cells } of MEASURED) {
    for (const [band, [people, buyers]] of cells.entries()) {
      left -= people;
      if (left >= 0) continue;
      const [least, most] = SALARY_BANDS[band]!;
      return {
        gender: random.next() < female ? 'Female' : 'Male',
        age: ages[0] + random.integer(ages[1] - ages[0] + 1),
        annual_salary: least + 500 * random.integer((most - least) / 500 + 1),
        purchased: random.next() < buyers / people ? '1' : '0',
      };
    }
  }
  throw new RangeError(`the shares of ${PEOPLE} people do not add up`);
}
