import type { Random } from '../../core/random.js';

/** Mean and standard deviation, as measured on a publisher's file. */
export type Moments = readonly [mean: number, deviation: number];

/** A key of `weights`, drawn by its share of their sum. */
export function drawKey<K extends string>(random: Random, weights: Readonly<Record<K, number>>): K {
  const entries = Object.entries(weights) as [K, number][];
  let left = random.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [key, weight] of entries) {
    left -= weight;
    if (left < 0) return key;
  }
  return entries.at(-1)![0];
}

/** A normal deviate, drawn again until it lies in [least, most], rounded. */
export function drawNormal(
  random: Random,
  [mean, deviation]: Moments,
  { least, most, decimals }: { least: number; most: number; decimals: number },
): number {
  for (;;) {
    const value = mean + deviation * random.normal();
    if (value >= least && value <= most) return round(value, decimals);
  }
}

/** A log-normal deviate above `floor` with the given mean and deviation: sigma² = ln(1 + (deviation / (mean - floor))²). Drawn again until it lies in [least, most], rounded. */
export function drawLogNormal(
  random: Random,
  [mean, deviation]: Moments,
  limits: { floor: number; least: number; most: number; decimals: number },
): number {
  const { floor, least, most, decimals } = limits;
  const variance = Math.log(1 + (deviation / (mean - floor)) ** 2);
  const center = Math.log(mean - floor) - variance / 2;
  for (;;) {
    const value = floor + Math.exp(center + Math.sqrt(variance) * random.normal());
    if (value >= least && value <= most) return round(value, decimals);
  }
}

/** Rounds as a publisher's file is. */
export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
