import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { DriftWindow, TrainingRun } from '../../../cli/demo/api.js';
import { fingerprint } from '../../../core/alerts/payload.js';
import { findData } from '../../helpers/tool.js';
import { until } from '../../helpers/until.js';
import { driftAlert, postAlerts } from '../../trainer/harness.js';
import { errorsOf, loadRows } from './answers.js';
import { type ExampleStack, startExample } from './example-stack.js';
import { takePicture } from './picture.js';

const NAME = 'belo-horizonte';
/** Windows of 500 rows until retraining.maximumRows are all from after the change. */
const WINDOWS = 7;

let example: ExampleStack | undefined;
afterEach(async () => {
  await example?.stop();
  example = undefined;
});

/** The least by which a version does worse than at registration, by outcomes, as the monitor exports it. */
async function leastLoss({ stack }: ExampleStack, version: number): Promise<number> {
  const text = await (await fetch(`${stack.monitorUrl}/metrics`)).text();
  const labels = `model_name="${NAME}",model_version="${version}",source="realised"`;
  const line = text.split('\n').find((l) => l.startsWith(`model_performance_loss_lower_bound_ratio{${labels}}`));
  return Number(line?.split(' ').at(-1) ?? Number.NaN);
}

/** Sends rows until a version has so many windows, and was worse in one of them by more than `loss` at least. */
async function send(
  { api, ...stack }: ExampleStack,
  options: { scenario: string; version: number; windows: number; loss: number },
): Promise<DriftWindow[]> {
  const traffic = await stack.traffic(options.scenario);
  let loss = Number.NEGATIVE_INFINITY;
  const windows = await until(
    `windows under ${options.scenario}`,
    async () => {
      const seen = (await api.windows(traffic.startedAt)).filter((w) => w.model_version === options.version);
      const now = await leastLoss({ api, ...stack }, options.version);
      if (now > loss) loss = now;
      if (seen.length >= options.windows && loss >= options.loss) return seen;
      throw new Error(`${seen.length} windows, at most ${loss} worse`);
    },
    60_000,
  );
  if (options.scenario !== 'none') await takePicture({ api, ...stack }, `/models/${NAME}#performance`);
  const { refused, failed } = await traffic.stop();
  expect([refused, failed]).toEqual([0, 0]);
  return windows;
}

/** Tells the trainer what the rule PerformanceDrop says. @returns the run, once it has come to an end */
async function retrain({ api, stack, output }: ExampleStack, version: number): Promise<TrainingRun> {
  const labels = { alertname: 'PerformanceDrop', model_name: NAME, model_version: String(version), source: 'realised' };
  const alert = { labels, startsAt: new Date().toISOString(), fingerprint: fingerprint(labels) };
  const answer = await postAlerts(stack.trainerUrl, [driftAlert(NAME, version, alert)], stack.trainerToken);
  expect(answer.status).toBe(202);
  const states = ['promoted', 'kept', 'awaiting-approval', 'failed', 'cancelled', 'refused'];
  const run = await until(
    'the retraining to end',
    async () => (await api.runs(new Date(0))).find((r) => r.champion_version === version && states.includes(r.state)),
    90_000,
  ).catch((error: Error) => {
    throw new Error(`${error.message}\n${output()}`, { cause: error });
  });
  expect(run.alert_name).toBe('PerformanceDrop');
  return run;
}

const csv = findData('belo_horizonte.csv');

test.skipIf(csv === undefined)(
  "on the publisher's file: prices rise, outcomes tell, a challenger is promoted by itself",
  async () => {
    example = await startExample(NAME, csv);
    await answersBetterThanAGuess(example);
    const calm = await send(example, { scenario: 'none', version: 1, windows: 4, loss: Number.NEGATIVE_INFINITY });
    expect(calm.filter(({ verdict }) => verdict === 'drift')).toEqual([]);
    const risen = await send(example, { scenario: 'price-rise', version: 1, windows: WINDOWS, loss: 0 });
    // Nothing in what is sent tells: only the outcomes do.
    expect(risen.filter(({ verdict }) => verdict === 'drift')).toEqual([]);
    const run = await retrain(example, 1);
    expect(run.state, run.reason).toBe('promoted');
    await untilChampion(example, run.candidate_version!);
  },
);

test('on generated rows: prices rise, outcomes tell, a challenger waits for a person, who promotes it', async () => {
  example = await startExample(NAME, undefined);
  await answersBetterThanAGuess(example);
  const path = join(example.folder, 'model.yaml');
  const text = await readFile(path, 'utf8');
  // Generated prices spread so widely that their mean absolute error hardly moves with a mean that is 15 % too low.
  const changed = text.replace('promotion: automatic', 'promotion: manual').replace('metric: mae', 'metric: rmse');
  await writeFile(path, changed);
  expect(await example.command('model', 'add', example.folder)).toContain('belo-horizonte version 2 is the champion');
  await untilChampion(example, 2);
  await send(example, { scenario: 'price-rise', version: 2, windows: WINDOWS, loss: 0 });
  const run = await retrain(example, 2);
  expect(run.state, run.reason).toBe('awaiting-approval');
  const candidate = run.candidate_version!;
  expect(run.reason).toContain(`run plumbline model promote belo-horizonte ${candidate}`);
  expect(await example.api.championVersion()).toBe(2);
  await example.command('model', 'promote', NAME, String(candidate), '--reason', 'prices have risen', '--yes');
  await untilChampion(example, candidate);
  const [approved] = (await example.api.runs(new Date(0))).filter((r) => r.candidate_version === candidate);
  expect(approved).toMatchObject({ state: 'promoted' });
});

async function answersBetterThanAGuess(stack: ExampleStack): Promise<void> {
  const rows = (await loadRows(stack, NAME)).slice(0, 300);
  const errors = errorsOf(rows, await stack.predict(rows.map(({ instance }) => instance)));
  expect(errors.model).toBeLessThan(errors.baseline);
}

async function untilChampion({ api }: ExampleStack, version: number): Promise<void> {
  await until(`the service to take version ${version}`, async () => (await api.championVersion()) === version);
}
