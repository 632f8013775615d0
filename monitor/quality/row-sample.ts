/** Rows by their hash, of the hashes that end in `level` zero bits: a sample of distinct rows, each with how often it came. */
export interface RowSample {
  level: number;
  counts: Map<number, number>;
}

/** Distinct rows that a sample holds at most. */
const MOST_HASHES = 256;

/** An empty sample. */
export function emptySample(): RowSample {
  return { level: 0, counts: new Map() };
}

/**
 * Adds a row to a sample (distinct sampling, Gibbons 2001). When there are too many distinct rows, every second one is
 * dropped, chosen by its hash: what is left depends on the rows only, not on their order or on how they were divided.
 * @param hash  a whole number from 0 to 2^52
 */
export function addToSample(sample: RowSample, hash: number, count = 1): void {
  if (!isSampled(hash, sample.level)) return;
  sample.counts.set(hash, (sample.counts.get(hash) ?? 0) + count);
  while (sample.counts.size > MOST_HASHES) {
    sample.level++;
    for (const known of sample.counts.keys()) if (!isSampled(known, sample.level)) sample.counts.delete(known);
  }
}

/** Adds one sample to another. */
export function mergeSample(into: RowSample, other: RowSample): void {
  if (other.level > into.level) {
    into.level = other.level;
    for (const known of into.counts.keys()) if (!isSampled(known, into.level)) into.counts.delete(known);
  }
  for (const [hash, count] of other.counts) addToSample(into, hash, count);
}

function isSampled(hash: number, level: number): boolean {
  return hash % 2 ** level === 0;
}

/** Share of rows beyond the first of their kind, over the sampled kinds, in [0, 1]; 0 without rows. */
export function duplicateShare({ counts }: RowSample): number {
  let rows = 0;
  for (const count of counts.values()) rows += count;
  return rows === 0 ? 0 : 1 - counts.size / rows;
}
