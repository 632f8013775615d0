import { v7 as uuidv7 } from 'uuid';
import type { Alert } from '../../core/alerts/payload.js';
import { type Client, type Pool, withTransaction } from '../../core/postgres/pool.js';
import { dequeueRun, enqueueRun } from '../jobs/queue.js';
import type { RunState } from '../jobs/runs.js';
import { isModelName } from '../model-name.js';
import { modelOf, versionOf } from './model-of.js';

/** What a delivered alert led to. */
export interface ReceivedRun {
  trainingRunId: string;
  fingerprint: string;
  modelName: string;
  state: RunState;
  reason: string;
  /** false when an earlier delivery of the same alert had made the run. */
  created: boolean;
  /** Whether this delivery changed the state. */
  entered: boolean;
}

/**
 * Stores a webhook body, one training run for each firing alert that was not known yet, and its job, all in one transaction:
 * what was answered with 202 is on the queue. A resolved alert cancels its run if that has not begun to train.
 */
export async function receiveAlerts(pool: Pool, body: object, alerts: Alert[]): Promise<ReceivedRun[]> {
  // One order for all deliveries, so that two at once wait for one another instead of deadlocking.
  const ordered = alerts.toSorted((a, b) => compareKeys(occurrence(a), occurrence(b)));
  return withTransaction(pool, async (client) => {
    await client.query('insert into alert_deliveries (payload) values ($1)', [body]);
    const runs: ReceivedRun[] = [];
    for (const alert of ordered) {
      const run = alert.status === 'firing' ? await addRun(client, alert) : await cancelRun(client, alert);
      if (run) runs.push(run);
    }
    return runs;
  });
}

async function addRun(client: Client, alert: Alert): Promise<ReceivedRun | undefined> {
  const trainingRunId = uuidv7();
  const modelName = modelOf(alert);
  const refusal = refusalOf(modelName);
  const state = refusal ? 'refused' : 'queued';
  const reason = refusal ?? 'waiting for its turn';
  const { rowCount } = await client.query(
    `insert into training_runs
       (training_run_id, fingerprint, starts_at, alert_name, model_name, champion_version, state, reason, alert, finished_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, case when $7 = 'refused' then now() end)
     on conflict (fingerprint, starts_at) do nothing`,
    [
      trainingRunId,
      alert.fingerprint,
      alert.startsAt,
      alert.labels.alertname ?? '',
      modelName,
      versionOf(alert),
      state,
      reason,
      alert,
    ],
  );
  if (rowCount === 0) return findRun(client, alert);
  if (state === 'queued') await enqueueRun(client, { trainingRunId, modelName });
  return { trainingRunId, fingerprint: alert.fingerprint, modelName, state, reason, created: true, entered: true };
}

async function cancelRun(client: Client, alert: Alert): Promise<ReceivedRun | undefined> {
  const { rowCount } = await client.query(
    `update training_runs set state = 'cancelled', reason = 'the alert was resolved before training began',
       updated_at = now(), finished_at = now()
     where fingerprint = $1 and starts_at = $2 and state in ('queued', 'waiting')`,
    [alert.fingerprint, alert.startsAt],
  );
  const run = await findRun(client, alert);
  if (rowCount === 1 && run) {
    await dequeueRun(client, run.trainingRunId);
    return { ...run, entered: true };
  }
  return run;
}

async function findRun(client: Client, alert: Alert): Promise<ReceivedRun | undefined> {
  const { rows } = await client.query(
    `select training_run_id as "trainingRunId", fingerprint, model_name as "modelName", state, reason,
       false as created, false as entered
     from training_runs where fingerprint = $1 and starts_at = $2`,
    [alert.fingerprint, alert.startsAt],
  );
  return rows[0];
}

/** Why no run can come of an alert about this model; one that merely is not registered is found when its turn comes. */
function refusalOf(modelName: string): string | undefined {
  if (modelName === '') return 'the alert has no label "model_name"';
  if (!isModelName(modelName))
    return `no model can be named "${modelName}": lower-case letters, digits and dashes, at most 63`;
  return undefined;
}

function occurrence(alert: Alert): string {
  return `${alert.fingerprint} ${alert.startsAt}`;
}

function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
