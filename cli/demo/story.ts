import { setTimeout as delay } from 'node:timers/promises';
import type { Api, DriftWindow, TrainingRun } from './api.js';
import type { Teller } from './teller.js';
import type { Traffic, TrafficResult } from './traffic.js';

/** What the demo was told to do. */
export interface StoryOptions {
  api: Api;
  tell: Teller;
  /** Starts endless traffic under a scenario. */
  startTraffic: (scenario: string) => Promise<Traffic>;
  /** How many of these prediction ids are stored, and how many rows of the model there are since then. */
  countStored: (ids: string[], since: Date) => Promise<{ ofIds: number; sinceThen: number }>;
  scenario: 'sudden-shift' | 'population-shift';
  baselineWindows: number;
  /** Longest wait for any one step. */
  patienceMs: number;
}

/** What happened, in numbers: the demo's result and what its test asserts. */
export interface StoryResult {
  championBefore: number;
  championAfter: number;
  baselineWindows: number;
  baselineAlarms: number;
  /** Windows from the first with shifted rows to the first drift verdict, both counted. */
  windowsToConfirm: number;
  run: TrainingRun;
  /** Whether the verdict came back to ok after a promotion; null when there was none. */
  cleared: boolean | null;
  acknowledged: number;
  stored: number;
  storedSinceStart: number;
  failed: number;
  refused: number;
  versionsSeen: string[];
}

/** Tells the whole loop, with real waiting: baseline, drift, verdict, alert, job, comparison, promotion, clear. @throws Error when a step does not come in time */
export async function tellStory(options: StoryOptions): Promise<StoryResult> {
  const { api, tell } = options;
  const began = new Date();
  const championBefore = await api.championVersion();
  tell.chapter(`Version ${championBefore} answers. First the traffic it was trained for.`);
  const calm = await during(options, 'none', () =>
    untilWindows(options, began, championBefore, (seen) => seen.length >= options.baselineWindows),
  );
  const baselineAlarms = calm.value.filter((w) => w.verdict === 'drift').length;
  tell.fact(`${calm.value.length} windows, ${baselineAlarms} alarms`);

  tell.chapter(`Now ${options.scenario} begins.`);
  const shifted = await during(options, options.scenario, async (startedAt) => {
    const drifting = await untilWindows(options, startedAt, championBefore, (seen) => seen.at(-1)?.verdict === 'drift');
    tellCause(tell, drifting.at(-1)!);
    const run = await untilRunEnds(options, began);
    const cleared = run.state === 'promoted' ? await untilClear(options, run) : null;
    // Not before: for a moment after the promotion the service still answers with the version before.
    return { windowsToConfirm: drifting.length, run, championAfter: await api.championVersion(), cleared };
  });
  return {
    ...(await account(options, began, [calm.traffic, shifted.traffic])),
    ...shifted.value,
    championBefore,
    baselineWindows: calm.value.length,
    baselineAlarms,
  };
}

/** Does something while traffic flows, and ends the traffic whatever comes of it. */
async function during<T>(
  options: StoryOptions,
  scenario: string,
  work: (startedAt: Date) => Promise<T>,
): Promise<{ value: T; traffic: TrafficResult }> {
  const traffic = await options.startTraffic(scenario);
  try {
    const value = await work(traffic.startedAt);
    return { value, traffic: await traffic.stop() };
  } catch (error) {
    await traffic.stop().catch(() => undefined);
    throw error;
  }
}

function tellCause(tell: Teller, window: DriftWindow): void {
  const drifted = window.subjects.filter((v) => v.verdict === 'drift').sort((a, b) => (b.psi ?? 0) - (a.psi ?? 0));
  tell.fact(`drifted: ${drifted.map((v) => v.subject).join(', ')}; the monitor says why:`);
  const [first, ...rest] = drifted[0]?.reason.split('; ') ?? [];
  tell.fact(`  ${first}`);
  for (const sentence of rest) tell.fact(`    ${sentence}`);
}

async function untilWindows(
  options: StoryOptions,
  since: Date,
  version: number,
  enough: (seen: DriftWindow[]) => boolean,
): Promise<DriftWindow[]> {
  let told = 0;
  return waitFor(options, 'the next window of the monitor', async () => {
    const windows = (await options.api.windows(since)).filter((w) => w.model_version === version);
    for (const window of windows.slice(told)) options.tell.window(window);
    told = windows.length;
    // The first window that satisfies ends the wait, even when several arrived at once.
    const upTo = windows.findIndex((_, i) => enough(windows.slice(0, i + 1)));
    return upTo === -1 ? undefined : windows.slice(0, upTo + 1);
  });
}

/** Of several alerts at once one gets the retraining: a run that was refused, or cancelled as its alert ended, is not the story's end. */
const ENDED = ['promoted', 'kept', 'awaiting-approval', 'failed'];

async function untilRunEnds(options: StoryOptions, since: Date): Promise<TrainingRun> {
  options.tell.chapter('The alert calls the trainer.');
  const told = new Set<string>();
  return waitFor(options, 'a retraining to end', async () => {
    const runs = await options.api.runs(since);
    for (const run of runs) {
      const line = `${run.alert_name}: ${run.state} (${run.reason})`;
      if (!told.has(line)) options.tell.fact(line);
      told.add(line);
    }
    return runs.find((run) => ENDED.includes(run.state));
  });
}

async function untilClear(options: StoryOptions, run: TrainingRun): Promise<boolean> {
  options.tell.chapter(`Version ${run.candidate_version} answers now. Does the verdict clear?`);
  const windows = await untilWindows(options, new Date(0), run.candidate_version!, (seen) => {
    const last = seen.slice(-2);
    return seen.length >= 6 || (last.length === 2 && last.every((w) => w.verdict === 'ok'));
  });
  const alerts = await waitFor(options, 'the alerts to end', async () => {
    const open = (await options.api.alerts()).filter((alert) => alert.ends_at === null);
    return open.length === 0 ? 'none' : undefined;
  });
  options.tell.fact(`open alerts: ${alerts}`);
  return windows.slice(-2).every((w) => w.verdict === 'ok');
}

async function account(
  options: StoryOptions,
  began: Date,
  results: TrafficResult[],
): Promise<Pick<StoryResult, 'acknowledged' | 'stored' | 'storedSinceStart' | 'failed' | 'refused' | 'versionsSeen'>> {
  const ids = results.flatMap((r) => r.ids);
  const stored = await options.countStored(ids, began);
  const sum = (pick: (r: TrafficResult) => number): number => results.reduce((total, r) => total + pick(r), 0);
  return {
    acknowledged: ids.length,
    stored: stored.ofIds,
    storedSinceStart: stored.sinceThen,
    failed: sum((r) => r.failed),
    refused: sum((r) => r.refused),
    versionsSeen: [...new Set(results.flatMap((r) => r.versions))].sort(),
  };
}

async function waitFor<T>(
  options: Pick<StoryOptions, 'patienceMs'>,
  what: string,
  probe: () => Promise<T | undefined>,
): Promise<T> {
  const end = Date.now() + options.patienceMs;
  while (Date.now() < end) {
    const value = await probe();
    if (value !== undefined) return value;
    await delay(250);
  }
  throw new Error(`waited ${options.patienceMs / 1000} s for ${what}, in vain; the logs of "plumbline up" say more`, {
    cause: 'patience',
  });
}

/** Waits until the service answers with this version, or at once when none is named. */
export async function untilServed(
  options: Pick<StoryOptions, 'api' | 'patienceMs'>,
  version: number | undefined,
): Promise<void> {
  if (version === undefined) return;
  await waitFor(options, `the service to answer with version ${version}`, async () =>
    (await options.api.championVersion()) === version ? true : undefined,
  );
}
