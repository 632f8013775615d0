import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/random.js';
import type { ExampleRow } from '../../../examples/shared/example.js';
import { readPublished } from '../../../examples/shared/read-published.js';
import { splitByDistinctRow } from '../../../examples/shared/split.js';
import { wineQuality } from '../../../examples/wine-quality/example.js';
import { needData } from '../../helpers/tool.js';

function expectSoundSplit(wines: ExampleRow[], distinct: number): void {
  const [reference, test] = splitByDistinctRow(wines, 0.6, createRandom(1));
  const keys = new Set(reference.map((wine) => wine.key));
  expect(test.filter((wine) => keys.has(wine.key))).toEqual([]);
  expect(keys.size).toBe(Math.round(0.6 * distinct));
  const sorted = (rows: ExampleRow[]): string[] => rows.map((wine) => wine.key).sort();
  expect(sorted([...reference, ...test])).toEqual(sorted(wines));
}

describe('splitByDistinctRow', () => {
  it('puts no distinct row on both sides and loses none, generated', () => {
    const wines = wineQuality.generate(4898, 1);
    expectSoundSplit(wines, new Set(wines.map((wine) => wine.key)).size);
  });

  it("puts none of the publisher's 3,961 distinct rows on both sides", async (context) => {
    const wines = await readPublished(wineQuality.published, needData(context, 'winequality-white.csv'));
    expect(wines).toHaveLength(4898);
    expectSoundSplit(wines, 3961);
  });
});
