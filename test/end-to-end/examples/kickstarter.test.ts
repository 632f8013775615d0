import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readCsv } from '../../../core/csv.js';
import { needData } from '../../helpers/tool.js';
import { until } from '../../helpers/until.js';
import { type Answer, type ExampleStack, startExample, watchScenario } from './example-stack.js';
import { expectTrafficOfReadme } from './readme-traffic.js';

let example: ExampleStack | undefined;
afterEach(async () => {
  await example?.stop();
  example = undefined;
});

/** Rows of test.csv as a caller sends them, with their truth. */
async function testRows(folder: string, count: number): Promise<{ instance: object; state: string }[]> {
  const { rows } = await readCsv(join(folder, 'test.csv'));
  return rows.slice(0, count).map(({ state, usd_goal, staff_pick, ...texts }) => ({
    instance: { ...texts, usd_goal: Number(usd_goal), staff_pick: staff_pick === 'true' },
    state: state!,
  }));
}

/** What is stored of a prediction, once it is. */
async function stored({ stack }: ExampleStack, { id }: Answer): Promise<{ features: object; inputs: object }> {
  return until('the prediction to be stored', async () => {
    const response = await fetch(`${stack.serviceUrl}/v1/predictions/${id}`);
    return response.status === 200 && ((await response.json()) as { features: object; inputs: object });
  });
}

interface RecordedSearch {
  request: { training: { trials: number } };
  trials: { family: string; metric: string }[];
}

/** The trials of a retraining are on record: as many as were wished for, of several families, led by the area under the curve. */
async function expectSearch({ stack }: ExampleStack, runId: string): Promise<void> {
  const response = await fetch(`${stack.trainerUrl}/v1/experiments/${runId}`, {
    headers: { authorization: `Bearer ${stack.trainerToken}` },
  });
  const { request, trials } = (await response.json()) as RecordedSearch;
  expect(trials).toHaveLength(request.training.trials);
  expect([...new Set(trials.map(({ family }) => family))].sort()).toEqual(['boosting', 'forest', 'linear']);
  expect([...new Set(trials.map(({ metric }) => metric))]).toEqual(['roc_auc']);
}

const sources: [string, string?][] = [['generated rows'], ["the publisher's file", 'kickstarter.csv']];

// Longer than all that is waited for inside.
describe.each(sources)('kickstarter on %s', { timeout: 1_200_000 }, (_, file) => {
  test('answers raw projects in words, sees a change, and learns from what it was sent', async (context) => {
    example = await startExample('kickstarter', file && needData(context, file));
    const rows = await testRows(example.folder, 400);
    const answers = await example.predict(rows.map(({ instance }) => instance));
    for (const { label, probabilities } of answers) {
      expect(['failed', 'successful']).toContain(label);
      expect(Object.keys(probabilities!)).toEqual(['failed', 'successful']);
    }
    const right = answers.filter(({ label }, i) => label === rows[i]!.state).length;
    const successful = rows.filter(({ state }) => state === 'successful').length;
    expect(right).toBeGreaterThan(Math.max(successful, rows.length - successful));

    // What serving made of the first rows is what the command makes of them.
    const prepared = join(example.folder, 'prepared.csv');
    await example.command(
      'model',
      'prepare',
      example.folder,
      '--input',
      join(example.folder, 'test.csv'),
      '--output',
      prepared,
    );
    const made = (await readCsv(prepared)).rows;
    for (let i = 0; i < 10; i++) {
      const { features, inputs } = await stored(example, answers[i]!);
      expect(inputs).toEqual(rows[i]!.instance);
      const { state: _, ...expected } = made[i]!;
      const texts = Object.entries(features).map(([name, value]) => [name, String(value)]);
      expect(Object.fromEntries(texts)).toEqual(expected);
    }
    expect(await example.command('replay', answers[0]!.id)).toContain('the same answer again, bit for bit');

    const course = await watchScenario(example, {
      ...{ scenario: 'sudden-shift', calmWindows: 4, most: 3, retraining: true },
    });
    expect(course.calm.filter(({ verdict }) => verdict === 'drift')).toEqual([]);
    expect(course.changed.at(-1)!.verdict).toBe('drift');
    const drifted = course.changed.at(-1)!.subjects.filter(({ verdict }) => verdict !== 'ok');
    expect(drifted.map(({ subject }) => subject)).toContain('usd_goal');
    expect([course.refused, course.failed]).toEqual([0, 0]);
    expect(course.run!.state, `${course.run!.reason}\n${example.output()}`).toBe('promoted');
    expect(course.run!.reason).toMatch(/improvement .*95 % interval .* lies above/);
    await expectSearch(example, course.run!.training_run_id);
    await expectTrafficOfReadme(example);
  });
});
