import { expect, test } from 'vitest';
import { findData } from '../../helpers/tool.js';
import { errorsOf, loadRows } from './answers.js';
import { startExample, watchScenario } from './example-stack.js';
import { expectFourReports, expectRegisteredAccuracy } from './kept-promises.js';
import { expectScoredFiles } from './score-files.js';

// Kickstarter and Belo Horizonte have files of their own, and the whole loop on the wines is test/end-to-end/demo.test.ts.

const examples: [string, string][] = [
  ['wine-quality', 'winequality-white.csv'],
  ['obesity', 'obesity.csv'],
  ['car-purchase', 'car_data.csv'],
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
    const rows = (await loadRows(example, name)).slice(0, 300);
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
