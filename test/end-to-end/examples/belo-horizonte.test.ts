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

/**
 * Sends rows until a version has so many windows, and was worse in one of them by more than `loss` at least, or the monitor
 * itself has called the trainer; and on until `then` is through.
 */
async function send<T>(
  { api, ...stack }: ExampleStack,
  options: { scenario: string; version: number; windows: number; loss: number; then?: () => Promise<T> },
): Promise<{ windows: DriftWindow[]; value: T | undefined }> {
  const traffic = await stack.traffic(options.scenario);
  let loss = Number.NEGATIVE_INFINITY;
  const windows = await until(
    `windows under ${options.scenario}`,
    async () => {
      const seen = (await api.windows(traffic.startedAt)).filter((w) => w.model_version === options.version);
      const now = await leastLoss({ api, ...stack }, options.version);
      if (now > loss) loss = now;
      if (seen.length >= options.windows && loss >= options.loss) return seen;
      if ((await api.runs(new Date(0))).some((run) => run.champion_version === options.version)) return seen;
      throw new Error(`${seen.length} windows, at most ${loss} worse`);
    },
    60_000,
  );
  const value = await options.then?.();
  const { refused, failed } = await traffic.stop();
  expect([refused, failed]).toEqual([0, 0]);
  return { windows, value };
}

/**
 * Where the loss is not beyond what the manifest allows for sure, so that the monitor has not called the trainer, calls it
 * as the rule PerformanceDrop would. @returns the run, once it has come to an end
 */
async function retrain({ api, stack, output }: ExampleStack, version: number): Promise<TrainingRun> {
  const labels = { alertname: 'PerformanceDrop', model_name: NAME, model_version: String(version), source: 'realised' };
  const alert = { labels, startsAt: new Date().toISOString(), fingerprint: fingerprint(labels) };
  if (!(await api.runs(new Date(0))).some((run) => run.champion_version === version)) {
    const answer = await postAlerts(stack.trainerUrl, [driftAlert(NAME, version, alert)], stack.trainerToken);
    expect(answer.status).toBe(202);
  }
  const states = ['promoted', 'kept', 'awaiting-approval', 'failed'];
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

test('on generated rows: prices rise, nothing but outcomes tells, and a retraining comes to a reasoned end', async () => {
  example = await startExample(NAME, undefined);
  const run = await seePricesRise(example);
  // Generated prices spread so widely that a challenger is not surely better by the mean absolute error.
  expect(run.state, run.reason).toMatch(/^(promoted|kept)$/);
  expect(run.reason).toMatch(/^challenger's mae \d+ against \d+: improvement .*95 % interval/);
});

test.skipIf(csv === undefined)(
  "on the publisher's file: a challenger is promoted by itself, or waits for a person, who promotes it",
  async () => {
    example = await startExample(NAME, csv);
    const run = await seePricesRise(example);
    expect(run.state, run.reason).toBe('promoted');
    await untilChampion(example, run.candidate_version!);
    await promoteByHand(example);
  },
);

/** Traffic as ever, then prices that rise, then a retraining. */
async function seePricesRise(stack: ExampleStack): Promise<TrainingRun> {
  const rows = (await loadRows(stack, NAME)).slice(0, 300);
  const errors = errorsOf(rows, await stack.predict(rows.map(({ instance }) => instance)));
  expect(errors.model).toBeLessThan(errors.baseline);
  const calm = await send(stack, { scenario: 'none', version: 1, windows: 4, loss: Number.NEGATIVE_INFINITY });
  const then = async (): Promise<TrainingRun> => {
    await takePicture(stack, 'performance');
    return retrain(stack, 1);
  };
  const risen = await send(stack, { scenario: 'price-rise', version: 1, windows: WINDOWS, loss: 0, then });
  // Nothing in what is sent tells that prices have risen.
  expect([...calm.windows, ...risen.windows].filter(({ verdict }) => verdict === 'drift')).toEqual([]);
  return risen.value!;
}

/** The first model once more, with a promotion that asks. */
async function promoteByHand(stack: ExampleStack): Promise<void> {
  const path = join(stack.folder, 'model.yaml');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('promotion: automatic', 'promotion: manual'));
  expect(await stack.command('model', 'add', stack.folder)).toContain('belo-horizonte version 3 is the champion');
  await untilChampion(stack, 3);
  const then = () => retrain(stack, 3);
  const { value } = await send(stack, { scenario: 'price-rise', version: 3, windows: WINDOWS, loss: 0, then });
  const run = value!;
  expect(run.state, run.reason).toBe('awaiting-approval');
  expect(run.reason).toMatch(/run plumbline runs approve [0-9a-f-]{36};/);
  expect(await stack.api.championVersion()).toBe(3);
  await stack.command('model', 'promote', NAME, '4', '--reason', 'prices have risen', '--yes');
  await untilChampion(stack, 4);
  const [approved] = (await stack.api.runs(new Date(0))).filter((r) => r.candidate_version === 4);
  expect(approved).toMatchObject({ state: 'promoted' });
}

async function untilChampion({ api }: ExampleStack, version: number): Promise<void> {
  await until(`the service to take version ${version}`, async () => (await api.championVersion()) === version);
}
