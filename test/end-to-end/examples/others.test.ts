import { join } from 'node:path';
import { mean } from 'simple-statistics';
import { expect, test } from 'vitest';
import { createHttpClient } from '../../../traffic/http-client.js';
import { loadModelDescription } from '../../../traffic/model-description.js';
import { loadTestRows, type TestRow } from '../../../traffic/test-rows.js';
import { findData } from '../../helpers/tool.js';
import { type Answer, type ExampleStack, startExample, watchScenario } from './example-stack.js';
import { expectFourReports, expectRegisteredAccuracy } from './kept-promises.js';
import { expectScoredFiles } from './score-files.js';

// Kickstarter has a file of its own, and the whole loop on the wines is test/end-to-end/demo.test.ts.

/** Rows of test.csv by what the service says of the model. */
async function testRows({ stack, folder }: ExampleStack, model: string): Promise<TestRow[]> {
  const client = createHttpClient({ url: stack.serviceUrl, connections: 1, timeoutMs: 10_000 });
  try {
    return await loadTestRows(join(folder, 'test.csv'), await loadModelDescription(client, model));
  } finally {
    client.close();
  }
}

/** Errors of the answers, and of always answering the commonest class or the mean. */
function errorsOf(rows: TestRow[], answers: Answer[]): { model: number; baseline: number } {
  const targets = rows.map(({ target }) => target);
  if (answers[0]!.value !== undefined) {
    const middle = mean(targets.map(Number));
    return {
      model: mean(answers.map(({ value }, i) => Math.abs(value! - Number(targets[i])))),
      baseline: mean(targets.map((target) => Math.abs(middle - Number(target)))),
    };
  }
  const counts = [...new Set(targets)].map((name) => targets.filter((target) => target === name).length);
  return {
    model: answers.filter(({ label }, i) => label !== targets[i]).length / rows.length,
    baseline: 1 - Math.max(...counts) / rows.length,
  };
}

const examples: [string, string][] = [
  ['wine-quality', 'winequality-white.csv'],
  ['obesity', 'obesity.csv'],
  ['car-purchase', 'car_data.csv'],
  ['belo-horizonte', 'belo_horizonte.csv'],
];

const sources = examples.flatMap(([name, file]): [string, string, string | undefined][] => {
  const csv = findData(file);
  const generated: [string, string, undefined] = [name, 'generated rows', undefined];
  return csv === undefined ? [generated] : [generated, [name, "the publisher's file", csv]];
});

// Two at once, as much of it is waiting for windows.
test.for(sources)(
  '%s on %s: answers better than a guess, and tells a change from none',
  { concurrent: true, timeout: 700_000 },
  async ([name, , csv], { onTestFinished }) => {
    const example = await startExample(name, csv);
    onTestFinished(example.stop);
    const rows = (await testRows(example, name)).slice(0, 300);
    const answers = await example.predict(rows.map(({ instance }) => instance));
    const errors = errorsOf(rows, answers);
    expect(errors.model).toBeLessThan(errors.baseline);
    if (name === 'wine-quality') await expectScoredFiles(example, answers);
    if (name === 'obesity') await expectRegisteredAccuracy(example, name, 'obesity_level');

    const course = await watchScenario(example, { scenario: 'sudden-shift', calmWindows: 4, most: 3 });
    expect(course.calm.filter(({ verdict }) => verdict === 'drift')).toEqual([]);
    expect(course.changed.at(-1)!.verdict, JSON.stringify(course.changed)).toBe('drift');
    expect([course.refused, course.failed]).toEqual([0, 0]);
    expect(course.acknowledged).toBeGreaterThan(2_500);
    if (name === 'obesity') await expectFourReports(example, name);
  },
);
