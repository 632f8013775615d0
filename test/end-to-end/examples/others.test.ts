import { expect, test } from 'vitest';
import { needData } from '../../helpers/tool.js';
import { errorsOf, loadRows } from './answers.js';
import { startExample, watchScenario } from './example-stack.js';
import {
  expectFourReports,
  expectNothingTrained,
  expectRegisteredAccuracy,
  expectTargetDrift,
} from './kept-promises.js';
import { expectTrafficOfReadme } from './readme-traffic.js';
import { expectScoredFiles } from './score-files.js';

// Kickstarter and Belo Horizonte have files of their own, and the whole loop on the wines is test/end-to-end/demo.test.ts.

const generated = 'generated rows';
const sourcesOf = (name: string, file: string): [string, string, string?][] => [
  [name, generated],
  [name, "the publisher's file", file],
];
const obesity = sourcesOf('obesity', 'obesity.csv');
const examples = [
  ...sourcesOf('wine-quality', 'winequality-white.csv'),
  ...obesity,
  ...sourcesOf('car-purchase', 'car_data.csv'),
];

// Two at once, as much of it is waiting for windows.
const options = { concurrent: true, timeout: 700_000 };
const PROMOTED = /improvement .*95 % interval .* lies above/;

test.for(examples)(
  '%s on %s: answers better than a guess, and tells a change from none',
  options,
  async ([name, , file], context) => {
    const example = await startExample(name, file && needData(context, file));
    context.onTestFinished(example.stop);
    const rows = (await loadRows(example, name)).slice(0, 300);
    const answers = await example.predict(rows.map(({ instance }) => instance));
    const errors = errorsOf(rows, answers);
    expect(errors.model).toBeLessThan(errors.baseline);
    if (name === 'wine-quality') await expectScoredFiles(example, answers);
    if (name === 'obesity') await expectRegisteredAccuracy(example, name, 'obesity_level');

    const retraining = name === 'car-purchase';
    const course = await watchScenario(example, { scenario: 'sudden-shift', calmWindows: 4, most: 3, retraining });
    expect(course.calm.filter(({ verdict }) => verdict === 'drift')).toEqual([]);
    expect(course.changed.at(-1)!.verdict, JSON.stringify(course.changed)).toBe('drift');
    expect([course.refused, course.failed]).toEqual([0, 0]);
    expect(course.acknowledged).toBeGreaterThan(2_500);
    if (name === 'obesity') {
      await expectNothingTrained(example);
      await expectFourReports(example, name);
    }
    if (name === 'car-purchase') {
      await expectTargetDrift(example, course.changed.at(-1)!);
      expect(course.run!.state, `${course.run!.reason}\n${example.output()}`).toBe('promoted');
      expect(course.run!.reason).toMatch(PROMOTED);
      await expectTrafficOfReadme(example);
    }
  },
);

test.for(obesity)(
  '%s on %s: levels come to mean something else, only outcomes tell, and a challenger is promoted',
  options,
  async ([name, , file], context) => {
    const example = await startExample(name, file && needData(context, file));
    context.onTestFinished(example.stop);
    const course = await watchScenario(example, {
      ...{ scenario: 'concept-drift', calmWindows: 1, most: 2, retraining: true },
    });
    expect([...course.calm, ...course.changed].filter(({ verdict }) => verdict === 'drift')).toEqual([]);
    expect(course.run).toMatchObject({ alert_name: 'PerformanceDrop', state: 'promoted', candidate_version: 2 });
    expect(course.run!.reason).toMatch(PROMOTED);
    expect([course.refused, course.failed]).toEqual([0, 0]);
    await expectTrafficOfReadme(example);
  },
);
