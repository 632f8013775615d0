import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { createHashRow } from '../../../monitor/quality/hash-row.js';
import { addToSample, duplicateShare, emptySample, mergeSample } from '../../../monitor/quality/row-sample.js';

const hashRow = createHashRow();

/** Rows of two numbers and a text; `distinct` of them differ, drawn in `count` draws. */
function hashes(count: number, distinct: number, seed: number): number[] {
  const random = createRandom(seed);
  const kinds = Array.from({ length: distinct }, (_, i) => ({
    numeric: Float64Array.of(random.normal(), i % 3 === 0 ? Number.NaN : i),
    categorical: [i % 5 === 0 ? null : `text ${i % 7}`],
  }));
  return Array.from({ length: count }, (_, i) => hashRow(kinds[i < distinct ? i : random.integer(distinct)]!));
}

test('rows without duplicates have a share of exactly 0, however many they are', () => {
  const sample = emptySample();
  for (const hash of hashes(100_000, 100_000, 1)) addToSample(sample, hash);
  expect(duplicateShare(sample)).toBe(0);
  expect(sample.counts.size).toBeGreaterThan(100);
});

test('the share of duplicates is told within a few points', () => {
  for (const distinct of [100, 5_000, 20_000]) {
    const sample = emptySample();
    for (const hash of hashes(40_000, distinct, 2)) addToSample(sample, hash);
    expect(duplicateShare(sample)).toBeCloseTo(1 - distinct / 40_000, 1);
  }
});

test('does not depend on order, nor on how rows were divided', () => {
  const all = hashes(20_000, 3_000, 3);
  const whole = emptySample();
  for (const hash of all) addToSample(whole, hash);
  const merged = emptySample();
  const shuffled = createRandom(4).shuffle([...all]);
  for (let from = 0; from < shuffled.length; from += 1_700) {
    const part = emptySample();
    for (const hash of shuffled.slice(from, from + 1_700)) addToSample(part, hash);
    mergeSample(merged, part);
  }
  expect(merged.level).toBe(whole.level);
  expect([...merged.counts].sort()).toEqual([...whole.counts].sort());
});

test('rows that differ in anything have another hash', () => {
  const row = (numbers: number[], texts: (string | null)[]) =>
    hashRow({ numeric: Float64Array.from(numbers), categorical: texts });
  const base = row([1, 0], ['a', 'b']);
  expect(row([1, 0], ['a', 'b'])).toBe(base);
  const others = [
    row([0, 1], ['a', 'b']),
    row([1, 0], ['ab', '']),
    row([1, 0], [null, 'b']),
    row([1, Number.NaN], ['a', 'b']),
    row([1, 1e-300], ['a', 'b']),
  ];
  expect(new Set([base, ...others]).size).toBe(6);
});
