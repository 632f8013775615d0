import { createRandom, type Random } from '../../../core/random.js';

/** Share of seeded repeats in which `alarm` answers true. */
export function alarmRate({ runs, seed }: { runs: number; seed: number }, alarm: (random: Random) => boolean): number {
  const random = createRandom(seed);
  let alarms = 0;
  for (let run = 0; run < runs; run++) if (alarm(random)) alarms++;
  return alarms / runs;
}

/** Largest rate to accept from a test that alarms at `level`: four binomial standard errors above it. */
export function highestRate(level: number, runs: number): number {
  return level + 4 * Math.sqrt((level * (1 - level)) / runs);
}

/** Smallest rate to accept from a test that alarms at `level`: four binomial standard errors below it. */
export function lowestRate(level: number, runs: number): number {
  return level - 4 * Math.sqrt((level * (1 - level)) / runs);
}

/** `rows` draws. */
export function draw(rows: number, value: () => number): number[] {
  return Array.from({ length: rows }, value);
}

/** Counts of `rows` draws from categories with the given shares. */
export function drawCounts(random: Random, rows: number, shares: readonly number[]): number[] {
  const counts = shares.map(() => 0);
  for (let row = 0; row < rows; row++) {
    let left = random.next();
    let category = 0;
    while (category < shares.length - 1 && left >= shares[category]!) left -= shares[category++]!;
    counts[category]!++;
  }
  return counts;
}
