import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll } from 'vitest';
import { type Alert, type AlertmanagerPayload, fingerprint } from '../../core/alerts/payload.js';
import { encodeInstances } from '../../core/inference/batch.js';
import type { Instance } from '../../core/manifest/manifest.js';
import type { Pool } from '../../core/postgres/pool.js';
import { loadProject } from '../../core/project/load.js';
import { addModel } from '../../core/project/register.js';
import type { Logger } from '../../core/telemetry/logger.js';
import { noTracing, type Tracing } from '../../core/telemetry/tracing.js';
import { listRuns, type RunState, type TrainingRun } from '../../trainer/jobs/runs.js';
import type { TrainerSettings } from '../../trainer/settings.js';
import { type RunningTrainer, startTrainer } from '../../trainer/start.js';
import { createDatabase } from '../helpers/postgres.js';
import { type SmallRow, smallManifest, smallRows, writeSmallProject } from '../helpers/project.js';
import { until } from '../helpers/until.js';

export const TOKEN = 'a-token-of-some-length';
const quiet: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Registers the small model under a name, as champion. @returns its version */
export async function addSmallModel(
  pool: Pool,
  name: string,
  retraining: Record<string, unknown> = {},
  training: Record<string, unknown> = {},
): Promise<number> {
  const project = await writeSmallProject(({ manifest }) => {
    manifest.name = name;
    manifest.retraining = { minimumOutcomes: 400, ...retraining };
    manifest.training = training;
  });
  try {
    return await addModel(pool, await loadProject(project.folder), 'test');
  } finally {
    await project.remove();
  }
}

/** Rows whose grades follow another rule than the champion learned: low and high have changed places. */
export function turnedRows(count: number, seed: number): SmallRow[] {
  const turned: Record<string, string> = { low: 'high', mid: 'mid', high: 'low' };
  return smallRows(count, seed).map((row) => ({ ...row, grade: turned[row.grade]! }));
}

/** Stores live predictions with their outcomes, a second apart, the last of them now. @returns the instant of the first */
export async function addLabelled(
  pool: Pool,
  options: { name: string; version: number; rows: SmallRow[]; label?: string; endsAt?: number },
): Promise<Date> {
  const { name, version, rows } = options;
  const endsAt = options.endsAt ?? Date.now();
  const features = smallManifest.features as Parameters<typeof encodeInstances>[0]['features'];
  const firstAt = new Date(endsAt - rows.length * 1000);
  for (const [i, row] of rows.entries()) {
    const { grade, ...instance } = row;
    const batch = encodeInstances({ features }, [instance as Instance]);
    const at = new Date(firstAt.getTime() + i * 1000);
    const id = uuidv7({ msecs: at.getTime() });
    const numbers = Array.from(batch.numeric, (v) => (Number.isNaN(v) ? null : v));
    await pool.query(
      `insert into predictions (prediction_id, requested_at, model_name, model_version, batch_id, source,
         numeric_features, categorical_features, label, latency_us, request_id)
       values ($1, $2, $3, $4, $1, 'live', $5, $6, 'mid', 100, 'request')`,
      [id, at, name, version, numbers, batch.categorical],
    );
    await pool.query(
      `insert into outcomes (prediction_id, revision, model_name, actual, observed_at) values ($1, 1, $2, $3, $4)`,
      [id, name, options.label ?? grade, at],
    );
  }
  return firstAt;
}

/** Starts a real trainer in this process on a free port. */
export async function startTestTrainer(
  url: string,
  settings: Partial<TrainerSettings> = {},
  tracing: Tracing = noTracing,
): Promise<RunningTrainer & { url: string; abort: () => Promise<void> }> {
  const stop = new AbortController();
  const trainer = await startTrainer({
    settings: {
      DATABASE_URL: url,
      LOG_LEVEL: 'silent',
      TRAINER_PORT: 0,
      TRAINER_HOST: '127.0.0.1',
      TRAINER_WEBHOOK_TOKEN: TOKEN,
      TRAINER_SEED: 1,
      TRAINER_OUTCOME_WAIT_SECONDS: 0.2,
      TRAINER_OUTCOME_PATIENCE_MINUTES: 60,
      ...settings,
    },
    logger: quiet,
    tracing,
    signal: stop.signal,
    recoveryIntervalMs: 200,
  });
  return {
    ...trainer,
    url: `http://127.0.0.1:${trainer.port}`,
    abort: async () => {
      stop.abort();
      await trainer.close();
    },
  };
}

/** A database and a trainer on it for a test file, or for the `describe` it is called in; both end with it. */
export function useTrainer(): {
  readonly database: Database;
  readonly trainer: TestTrainer;
  /** Ends the trainer and starts another, with settings of its own. */
  restart: (settings: Partial<TrainerSettings>) => Promise<void>;
} {
  let database: Database;
  let trainer: TestTrainer;
  beforeAll(async () => {
    database = await createDatabase();
    trainer = await startTestTrainer(database.url);
  });
  afterAll(async () => {
    await trainer.close();
    await database.drop();
  });
  return {
    get database() {
      return database;
    },
    get trainer() {
      return trainer;
    },
    restart: async (settings) => {
      await trainer.close();
      trainer = await startTestTrainer(database.url, settings);
    },
  };
}

type Database = Awaited<ReturnType<typeof createDatabase>>;
type TestTrainer = Awaited<ReturnType<typeof startTestTrainer>>;

/** An alert about a model version, as Alertmanager sends it. */
export function driftAlert(name: string, version: number | undefined, change: Partial<Alert> = {}): Alert {
  const labels: Record<string, string> = { alertname: 'ModelDataDrift', model_name: name };
  if (version !== undefined) labels.model_version = String(version);
  return {
    status: 'firing',
    labels,
    annotations: { summary: 'drift' },
    startsAt: '2026-03-01T10:00:00.123456789Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: '',
    fingerprint: fingerprint(labels),
    ...change,
  };
}

/** Posts alerts to a trainer in an Alertmanager v4 body, with a key that no version has yet. */
export async function postAlerts(
  url: string,
  alerts: Alert[],
  token = TOKEN,
  headers: Record<string, string> = {},
): Promise<Response> {
  const payload: AlertmanagerPayload & { notification_reason: string } = {
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'trainer',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: '',
    alerts,
    notification_reason: 'new',
  };
  return fetch(`${url}/v1/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify(payload),
  });
}

/** Waits until the newest run of a model is in one of the states. */
export async function untilRun(
  pool: Pool,
  name: string,
  states: RunState[],
  deadlineMs = 50_000,
): Promise<TrainingRun> {
  let seen = '';
  return until(
    `a run of ${name} to be ${states.join(' or ')}`,
    async () => {
      const [run] = await listRuns(pool, { modelName: name, limit: 1 });
      seen = run ? `${run.state}: ${run.reason}` : 'no run';
      if (run && states.includes(run.state)) return run;
      throw new Error(seen);
    },
    deadlineMs,
  );
}

/** A training command: a Node script given as text, with `input` and `output` as its folders. */
export function command(script: string): string[] {
  const preamble = 'const fs = require("node:fs"); const [input, output] = process.argv.slice(-2);';
  return [process.execPath, '-e', `${preamble} ${script}`];
}
