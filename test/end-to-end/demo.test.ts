import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import type { StoryResult } from '../../cli/demo/story.js';
import { createStackPlace, plumbline } from '../helpers/stack.js';
import { findData } from '../helpers/tool.js';

/** The real wines where they are at hand, generated ones elsewhere; the names of the tests say which. */
const csv = findData('winequality-white.csv');
const WINES = csv ? "the publisher's wines" : 'generated wines (no winequality-white.csv in TEST_DATA_FOLDER)';

async function demo(
  { onTestFinished }: TestContext,
  args: string[],
): Promise<{ code: number | null; output: string; result: StoryResult }> {
  const place = await createStackPlace();
  onTestFinished(place.remove);
  const report = join(place.home, 'report.json');
  const run = plumbline(['demo', '--report', report, ...(csv ? ['--csv', csv] : []), ...args], place.environment);
  const code = await run.ended;
  const text = await readFile(report, 'utf8').catch(() => {
    throw new Error(`the demo left no report:\n${run.output()}`);
  });
  return { code, output: run.output(), result: JSON.parse(text) as StoryResult };
}

test.concurrent(`${WINES}: a sudden shift is confirmed, a better challenger promoted, and the verdict clears`, async (context) => {
  const { code, output, result } = await demo(context, ['--shift', 'sudden']);
  expect(result.baselineWindows, output).toBeGreaterThanOrEqual(10);
  expect(result.baselineAlarms, output).toBe(0);
  expect(result.windowsToConfirm, output).toBeLessThanOrEqual(3);
  expect(result.run.state, output).toBe('promoted');
  expect(result.run.reason).toMatch(/interval/);
  expect(result.championAfter).toBe(result.run.candidate_version);
  expect(result.versionsSeen).toEqual([String(result.championBefore), String(result.championAfter)]);
  expect(result.cleared, output).toBe(true);
  expect(result.failed + result.refused, output).toBe(0);
  expect(result.acknowledged).toBeGreaterThan(5_000);
  expect(result.stored).toBe(result.acknowledged);
  expect(result.storedSinceStart).toBe(result.acknowledged);
  expect(code, output).toBe(0);
});

test.concurrent(`${WINES}: after a harmless shift the challenger is refused, with its reason on record`, async (context) => {
  const { code, output, result } = await demo(context, ['--shift', 'harmless']);
  expect(result.baselineAlarms, output).toBe(0);
  expect(result.windowsToConfirm, output).toBeLessThanOrEqual(3);
  expect(result.run.state, output).toBe('kept');
  expect(result.run.reason, output).toMatch(/does not lie above/);
  expect(result.championAfter).toBe(result.championBefore);
  expect(result.stored).toBe(result.acknowledged);
  expect(code, output).toBe(0);
});
