import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderHealing } from '../../../bench/healing/document.js';
import { healingFigures } from '../../../bench/healing/figures.js';
import { FULL } from '../../../bench/healing/plan.js';
import { readHealingResults, writeHealingResults } from '../../../bench/healing/results.js';
import { loopOf, resultOf } from './fixture.js';

const both = {
  'car-purchase': resultOf(loopOf(10, 12), loopOf(61, 15), loopOf(11, 30)),
  kickstarter: resultOf(loopOf(120, 21), loopOf(110, 21)),
};

test('judges the slowest loop, the growth of p99 over all loops and every failed request', () => {
  // Of 1,500 requests 30 were slow, ten of each loop: the 99th percentile is the 15th slowest.
  expect(healingFigures(both, FULL).map(({ measured, met }) => [measured, met])).toEqual([
    [61, false],
    [1.5, true],
    [120, true],
    [20, true],
    [2.1, false],
    [0, true],
  ]);
  const failed = { kickstarter: resultOf({ ...loopOf(120, 10), failed: 2 }) };
  expect(healingFigures(failed, FULL).at(-1)).toMatchObject({ measured: 2, met: false });
  expect(healingFigures({}, FULL).every(({ met }) => met === undefined)).toBe(true);
});

test('a p99 of fewer than 1,000 requests is not judged', () => {
  const growth = (loops: number) =>
    healingFigures({ kickstarter: resultOf(...Array.from({ length: loops }, () => loopOf(120, 10, 4))) }, FULL)[4];
  expect(growth(1)).toMatchObject({ measured: undefined, met: undefined });
  expect(growth(2)).toMatchObject({ measured: 2.5, met: false });
});

test('the document shows where the time of each loop went', () => {
  const text = renderHealing(both, FULL);
  expect(text).toContain('| kickstarter 1 | FeatureDrift | 0.50 | 0.25 | 1.25 | 116.0 | 1.75 | 0.25 | 120.0 | 0.10 |');
  expect(text).toContain('| kickstarter 1 | 6,300 | 15,800 | 22,100 | 2,700 | 20 | 6 | 80.0 |');
  expect(text).toContain('| kickstarter | 8 | 10 | 1,000 | 21 | 1,000 | 2.1 × (**over**) |');
  expect(text).toContain('| kickstarter 1 | 1; 8 | 1; 10 | 1; 21 | 1; 21 | 20,000 | 500 | 10 in a session of 10 |');
  expect(renderHealing({}, FULL)).toContain('not measured');
});

test('results are read as they were written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'healing-'));
  const file = join(folder, 'healing.json');
  expect(await readHealingResults(file)).toEqual({});
  await writeHealingResults(file, both);
  expect(await readHealingResults(file)).toEqual(both);
  await rm(folder, { recursive: true });
});
