import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { type Api, createApi, type DriftWindow, type TrainingRun } from '../../../cli/demo/api.js';
import { startTraffic, type Traffic } from '../../../cli/demo/traffic.js';
import { exampleFolder } from '../../../cli/stack/example.js';
import { readStack, type Stack } from '../../../cli/stack/stack-file.js';
import { compiledPath } from '../../../core/package-path.js';
import { createStackPlace, plumbline } from '../../helpers/stack.js';
import { until } from '../../helpers/until.js';
import { takePicture } from './picture.js';

const run = promisify(execFile);

// Generous: training on a publisher's file takes minutes where the machine is slow or shared.
const READY_MS = 400_000;
const WINDOWS_MS = 120_000;
const RETRAINING_MS = 400_000;

/** What an example answered to one instance. */
export interface Answer {
  id: string;
  label?: string;
  value?: number;
  probabilities?: Record<string, number>;
}

/** `plumbline up --example …` on a machine of its own, as a person would use it. */
export interface ExampleStack {
  name: string;
  folder: string;
  stack: Stack;
  api: Api;
  /** What `up` printed so far. */
  output(): string;
  predict(instances: object[]): Promise<Answer[]>;
  /** Runs another command beside it. @returns what it printed */
  command(...args: string[]): Promise<string>;
  /** Traffic without an end, from test.csv. */
  traffic(scenario: string, options?: { rate?: number; magnitude?: number | undefined }): Promise<Traffic>;
  stop(): Promise<void>;
}

/** Starts an example from nothing: rows prepared, model trained and registered, everything ready. */
export async function startExample(example: string, csv: string | undefined): Promise<ExampleStack> {
  const place = await createStackPlace();
  const up = plumbline(['up', '--example', example, ...(csv ? ['--csv', csv] : [])], place.environment);
  const stop = async (): Promise<void> => {
    if (up.child.exitCode === null && up.child.signalCode === null) {
      up.child.kill('SIGTERM');
      await up.ended;
    }
    await place.remove();
  };
  const ready = (): boolean => {
    if (up.child.exitCode !== null) throw new Error(up.output());
    return up.output().includes('ready') && up.output().includes('npm run demo');
  };
  try {
    await until(`${example} to be ready`, ready, READY_MS);
    const stack = (await readStack(place.home))!;
    const folder = exampleFolder(place.home, example);
    const rows = join(folder, 'test.csv');
    return {
      name: example,
      folder,
      stack,
      api: createApi(stack, example),
      output: up.output,
      predict: (instances) => predict(stack, example, instances),
      command: async (...args) => {
        const { stdout } = await run(process.execPath, [compiledPath('cli/main.js'), ...args], {
          env: place.environment,
        });
        return stdout;
      },
      traffic: (scenario, { rate = 400, magnitude } = {}) =>
        startTraffic({ serviceUrl: stack.serviceUrl, model: example, rows, scenario, magnitude, rate, seed: 1 }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function predict(stack: Stack, example: string, instances: object[]): Promise<Answer[]> {
  const url = `${stack.serviceUrl}/v1/models/${example}/predict`;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify({ instances }) });
  const body = await response.text();
  expect(response.status, body).toBe(200);
  return (JSON.parse(body) as { predictions: Answer[] }).predictions;
}

/** What came of ordinary traffic, and then of a scenario. */
export interface Course {
  calm: DriftWindow[];
  /** Windows from the first after the change to the first that says drift, both counted; at most `most`. */
  changed: DriftWindow[];
  /** The retraining, where one was waited for. */
  run?: TrainingRun;
  /** Rows that were answered, refused or lost on the way. */
  acknowledged: number;
  refused: number;
  failed: number;
}

const ENDED = ['promoted', 'kept', 'awaiting-approval', 'failed'];

/**
 * The first retraining that was neither refused nor cancelled, once it has ended. Several alerts of one change call the trainer:
 * those that come while the first is under way are refused, and one may end before its run began. They are not what is waited for.
 */
function untilRetrained(api: Api, since: Date): Promise<TrainingRun> {
  return until(
    'a retraining to end',
    async () => {
      const runs = await api.runs(since);
      const run = runs.find(({ state }) => ENDED.includes(state));
      if (run) return run;
      throw new Error(runs.map(({ state, reason }) => `${state}: ${reason}`).join(', ') || 'no run');
    },
    RETRAINING_MS,
  );
}

/** Sends rows as they are for some windows, then under a scenario until drift is confirmed and, if asked, a retraining has ended. */
export async function watchScenario(
  example: ExampleStack,
  options: { scenario: string; calmWindows: number; most: number; retraining?: boolean },
): Promise<Course> {
  const { api } = example;
  const began = new Date();
  const windowsSince = (since: Date) => async (enough: (seen: DriftWindow[]) => boolean) =>
    until(
      'windows of the monitor',
      async () => {
        const windows = (await api.windows(since)).filter(({ model_version }) => model_version === 1);
        const upTo = windows.findIndex((_, i) => enough(windows.slice(0, i + 1)));
        return upTo === -1 ? undefined : windows.slice(0, upTo + 1);
      },
      WINDOWS_MS,
    );
  const still = await example.traffic('none');
  const calm = await windowsSince(began)((seen) => seen.length >= options.calmWindows);
  const before = await still.stop();
  const moving = await example.traffic(options.scenario);
  const changed = await windowsSince(moving.startedAt)(
    (seen) => seen.length >= options.most || seen.at(-1)!.verdict === 'drift',
  );
  await takePicture(example);
  const ended = options.retraining ? await untilRetrained(api, began) : undefined;
  const after = await moving.stop();
  return {
    calm,
    changed,
    ...(ended && { run: ended }),
    acknowledged: before.acknowledged + after.acknowledged,
    refused: before.refused + after.refused,
    failed: before.failed + after.failed,
  };
}
