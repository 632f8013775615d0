import { afterEach, describe, expect, test } from 'vitest';
import { findData } from '../../helpers/tool.js';
import { errorsOf, loadRows } from './answers.js';
import { type ExampleStack, startExample, watchScenario } from './example-stack.js';

// Kickstarter and Belo Horizonte have files of their own, and the whole loop on the wines is test/end-to-end/demo.test.ts.
let example: ExampleStack | undefined;
afterEach(async () => {
  await example?.stop();
  example = undefined;
});

const examples: [string, string][] = [
  ['wine-quality', 'winequality-white.csv'],
  ['obesity', 'obesity.csv'],
  ['car-purchase', 'car_data.csv'],
];

describe.each(examples)('%s', (name, file) => {
  const csv = findData(file);
  const sources: [string, string | undefined][] = [['generated rows', undefined]];
  if (csv !== undefined) sources.push(["the publisher's file", csv]);

  test.each(sources)('on %s: answers better than a guess, and tells a change from none', async (_, source) => {
    example = await startExample(name, source);
    const rows = (await loadRows(example, name)).slice(0, 300);
    const answers = await example.predict(rows.map(({ instance }) => instance));
    const errors = errorsOf(rows, answers);
    expect(errors.model).toBeLessThan(errors.baseline);

    const course = await watchScenario(example, { scenario: 'sudden-shift', calmWindows: 4, most: 3 });
    expect(course.calm.filter(({ verdict }) => verdict === 'drift')).toEqual([]);
    expect(course.changed.at(-1)!.verdict, JSON.stringify(course.changed)).toBe('drift');
    expect([course.refused, course.failed]).toEqual([0, 0]);
    expect(course.acknowledged).toBeGreaterThan(2_500);
  });
});
