import { expect, test } from 'vitest';
import type { Instance, Manifest } from '../../../core/manifest/manifest.js';
import { fitPreparation } from '../../../core/preparation/fit.js';

const manifest = {
  inputs: [
    { name: 'goal', type: 'numeric', missing: true },
    { name: 'kind', type: 'text', missing: true },
    { name: 'title', type: 'text', missing: false },
    { name: 'at', type: 'timestamp', missing: false },
    { name: 'new', type: 'boolean', missing: false, example: true },
  ],
  features: [
    { name: 'over', type: 'numeric', missing: true, from: { step: 'minusMedian', of: ['goal', 'kind'] } },
    { name: 'words', type: 'numeric', missing: false, from: { step: 'words', of: ['title'] } },
  ],
} as unknown as Manifest;
const row = (goal: number | null, kind: string | null, day = 1): Instance => ({
  ...{ goal, kind, title: 'Ada Lovelace', new: false },
  at: `2026-01-0${day}T00:00:00Z`,
});

test('fits medians over all rows and by category, weighted, without rows that have no value', () => {
  const instances = [row(1, 'a'), row(3, 'a'), row(10, 'b'), row(null, 'b'), row(100, null)];
  const { features } = fitPreparation(manifest, { instances });
  expect(features[0]!.from!.medians).toEqual({ overall: 6.5, byCategory: { a: 2, b: 10 } });
  const weighted = fitPreparation(manifest, { instances, weights: [1, 5, 1, 1, 1] });
  expect(weighted.features[0]!.from!.medians).toEqual({ overall: 3, byCategory: { a: 3, b: 10 } });
  expect(features[1]).toBe(manifest.features[1]);
});

test('a category may have the name of something every object inherits', () => {
  const { features } = fitPreparation(manifest, { instances: [row(4, '__proto__'), row(6, 'constructor')] });
  const { byCategory } = features[0]!.from!.medians!;
  expect(Object.entries(JSON.parse(JSON.stringify(byCategory)))).toEqual([
    ['__proto__', 4],
    ['constructor', 6],
  ]);
});

test('gives each input a plausible example, and none out of a text that is only counted', () => {
  const instances = [row(1, 'a', 1), row(3, 'b', 2), row(5, 'b', 9)];
  const examples = fitPreparation(manifest, { instances }).inputs!.map(({ name, example }) => [name, example]);
  expect(Object.fromEntries(examples)).toEqual({
    goal: 3,
    kind: 'b',
    title: 'A few words of plain text',
    at: '2026-01-02T00:00:00Z',
    new: true,
  });
});

test('a manifest without inputs comes back as it is', () => {
  const { inputs: _, ...plain } = manifest;
  expect(fitPreparation(plain, { instances: [] })).toBe(plain);
});
