import type { Input, Instance, Manifest } from '../manifest/manifest.js';
import { parseTimestamp } from './timestamp.js';
import { weightedMedian } from './weighted-median.js';

/** Stands for a text that is only counted; those of training rows may be personal. */
const PLAIN_TEXT = 'A few words of plain text';

/** The inputs with a plausible value each: as the manifest has it, else the median or the most frequent value of the rows. */
export function exampleInputs(manifest: Pick<Manifest, 'features'>, inputs: Input[], rows: Instance[]): Input[] {
  const counted = manifest.features.filter(({ from }) => from?.step === 'words' || from?.step === 'characters');
  const isCounted = (name: string): boolean => counted.some(({ from }) => from?.of.includes(name));
  return inputs.map((input) => {
    if (input.example !== undefined) return input;
    const values = rows.map((row) => row[input.name]).filter((value) => value !== null && value !== undefined);
    if (input.type === 'text' && isCounted(input.name)) return { ...input, example: PLAIN_TEXT };
    return values.length === 0 ? input : { ...input, example: exampleOf(input, values) };
  });
}

function exampleOf({ type }: Input, values: (number | string | boolean)[]): number | string | boolean {
  if (type === 'numeric') return Number(median(values.map(Number)).toPrecision(4));
  if (type === 'timestamp') {
    const ms = median(values.map((value) => parseTimestamp(String(value))));
    return new Date(Math.floor(ms / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');
  }
  const counts = new Map<number | string | boolean, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((most, next) => (next[1] > most[1] ? next : most))[0];
}

function median(values: number[]): number {
  return weightedMedian(values.map((value) => [value, 1]));
}
