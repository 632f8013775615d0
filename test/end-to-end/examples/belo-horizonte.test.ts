import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
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
/** What PerformanceDrop fires above: monitoring.performanceLoss. */
const ALLOWED_LOSS = 0.1;

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

/** Sends rows until a version has so many windows. @returns them, and the most that it was surely worse by */
async function send(
  { api, ...stack }: ExampleStack,
  options: { scenario: string; version: number; windows: number; loss: number },
): Promise<{ windows: DriftWindow[]; loss: number }> {
  const traffic = await stack.traffic(options.scenario);
  let loss = Number.NEGATIVE_INFINITY;
  const windows = await until(
    `windows under ${options.scenario}`,
    async () => {
      const seen = (await api.windows(traffic.startedAt)).filter((w) => w.model_version === options.version);
      const now = await leastLoss({ api, ...stack }, options.version);
      if (now > loss) loss = now;
      return seen.length >= options.windows && loss >= options.loss ? seen : undefined;
    },
    60_000,
  );
  if (options.scenario !== 'none') await takePicture({ api, ...stack }, NAME, `/models/${NAME}`, 'Performance');
  const { refused, failed } = await traffic.stop();
  expect([refused, failed]).toEqual([0, 0]);
  return { windows, loss };
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
    async () =>
      (await api.runs(new Date(0))).find((r) => r.champion_version === version && states.includes(r.state)),
    90_000,
  ).catch((error: Error) => {
    throw new Error(`${error.message}\n${output()}`, { cause: error });
  });
  expect(run.alert_name).toBe('PerformanceDrop');
  return run;
}

const files = [
  ['generated rows', undefined],
  ["the publisher's file", findData('belo_horizonte.csv')],
] as const;

describe.each(files)('belo-horizonte on %s', (source, csv) => {
  const isGenerated = source === 'generated rows';

  test.skipIf(!isGenerated && csv === undefined)('learns from outcomes that prices have risen', async () => {
    example = await startExample(NAME, csv);
    const rows = (await loadRows(example, NAME)).slice(0, 300);
    const errors = errorsOf(rows, await example.predict(rows.map(({ instance }) => instance)));
    expect(errors.model).toBeLessThan(errors.baseline);

    const calm = await send(example, { scenario: 'none', version: 1, windows: 4, loss: Number.NEGATIVE_INFINITY });
    expect(calm.windows.filter(({ verdict }) => verdict === 'drift')).toEqual([]);
    const risen = await send(example, { scenario: 'price-rise', version: 1, windows: WINDOWS, loss: ALLOWED_LOSS });
    // Nothing in what is sent tells: only the outcomes do.
    expect(risen.windows.filter(({ verdict }) => verdict === 'drift')).toEqual([]);
    const run = await retrain(example, 1);
    expect(run).toMatchObject({ state: 'promoted', candidate_version: 2 });
    expect(await example.api.championVersion()).toBe(2);
    if (isGenerated) await promoteByHand(example);
  });
});

/** The first model once more, with a promotion that asks: a person says yes. */
async function promoteByHand(stack: ExampleStack): Promise<void> {
  const path = join(stack.folder, 'model.yaml');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('promotion: automatic', 'promotion: manual'));
  expect(await stack.command('model', 'add', stack.folder)).toContain('belo-horizonte version 3 is the champion');
  await until('the service to take version 3', async () => (await stack.api.championVersion()) === 3);
  await send(stack, { scenario: 'price-rise', version: 3, windows: WINDOWS, loss: ALLOWED_LOSS });
  const run = await retrain(stack, 3);
  expect(run).toMatchObject({ state: 'awaiting-approval', candidate_version: 4 });
  expect(run.reason).toContain('run plumbline model promote belo-horizonte 4');
  expect(await stack.api.championVersion()).toBe(3);
  await stack.command('model', 'promote', NAME, '4', '--reason', 'prices have risen everywhere', '--yes');
  await until('the service to take version 4', async () => (await stack.api.championVersion()) === 4);
  const [approved] = (await stack.api.runs(new Date(0))).filter((r) => r.candidate_version === 4);
  expect(approved).toMatchObject({ state: 'promoted' });
}
