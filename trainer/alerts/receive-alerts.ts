import type { Alert } from '../../core/alerts/payload.js';
import { appendAudit } from '../../core/audit/append.js';
import type { AuditAction, AuditEntry } from '../../core/audit/entry.js';
import { type Client, type Pool, withTransaction } from '../../core/postgres/pool.js';
import { dequeueRuns, enqueueRuns } from '../jobs/queue.js';
import type { RunState } from '../jobs/runs.js';
import type { Guard } from '../stopped.js';
import { beginAgain } from './begin-again.js';
import { newRun } from './new-run.js';

/** What a delivered alert led to. */
export interface ReceivedRun {
  trainingRunId: string;
  fingerprint: string;
  startsAt: Date;
  alertName: string;
  modelName: string;
  state: RunState;
  reason: string;
  guard: Guard | null;
  /** false when an earlier delivery of the same alert had made the run. */
  created: boolean;
  /** Whether this delivery changed the state. */
  entered: boolean;
}

/** Columns that say which occurrence an alert is, as `jsonb_to_recordset` reads them. */
const OCCURRENCE = 'fingerprint text, "startsAt" timestamptz';

/**
 * Stores a webhook body, one training run for each alert that was not known yet, and the jobs of those that fire, all in one
 * transaction: what was answered with 202 is on the queue. A resolved alert cancels its run if that has not begun to train;
 * one that comes before its firing one leaves a cancelled run, so that the firing one is known when it comes. One that fires
 * again long after a run of its own that changed nothing begins another. The number of statements does not depend on the
 * number of alerts.
 * @param options.cooldownMinutes  in place of that of every manifest
 * @returns each alert's newest run once
 */
export async function receiveAlerts(
  pool: Pool,
  body: object,
  alerts: Alert[],
  options: { cooldownMinutes?: number | undefined } = {},
): Promise<ReceivedRun[]> {
  return withTransaction(pool, async (client) => {
    await client.query('insert into alert_deliveries (payload) values ($1)', [body]);
    const created = await addRuns(client, alerts);
    const resolved = alerts.filter((alert) => alert.status === 'resolved');
    const firing = alerts.filter((alert) => alert.status === 'firing');
    // Where all of them are new none has a run to begin again after, and nobody has to wait for the table of predictions.
    if (firing.length > 0 && created.size < alerts.length) {
      const again = await beginAgain(client, firing, { cooldownMinutes: options.cooldownMinutes });
      for (const id of again) created.add(id);
    }
    const cancelled = new Set(resolved.length > 0 ? await cancelRuns(client, resolved) : []);
    const runs = (await findRuns(client, alerts)).map((run) => ({
      ...run,
      created: created.has(run.trainingRunId),
      entered: created.has(run.trainingRunId) || cancelled.has(run.trainingRunId),
    }));
    const toQueue = runs.filter((run) => run.created && run.state === 'queued');
    if (toQueue.length > 0) await enqueueRuns(client, toQueue);
    if (cancelled.size > 0) await dequeueRuns(client, [...cancelled]);
    await appendAudit(client, runs.flatMap(toEntry));
    return runs;
  });
}

/** What a delivery did to a run, for the trail: nothing when it was a repetition. */
function toEntry({ created, entered, ...run }: ReceivedRun): AuditEntry[] {
  if (!entered) return [];
  const { modelName, trainingRunId, fingerprint, startsAt, alertName, state, reason } = run;
  const action: AuditAction = created ? 'alert.received' : `run.${state}`;
  const details = { alertName, fingerprint, startsAt, state, reason };
  return [{ actor: 'webhook', action, modelName, trainingRunId, details }];
}

/**
 * Adds what is not known yet. In one order for all deliveries, so that two at once wait for one another instead of
 * deadlocking. @returns ids of the runs that were added
 */
async function addRuns(client: Client, alerts: Alert[]): Promise<Set<string>> {
  const { rows } = await client.query<{ id: string }>(
    `insert into training_runs
       (training_run_id, fingerprint, starts_at, alert_name, model_name, champion_version, state, reason, guard, alert, finished_at)
     select "trainingRunId", fingerprint, "startsAt", "alertName", "modelName", "championVersion", state, reason, guard, alert,
       case when state <> 'queued' then now() end
     from jsonb_to_recordset($1) as given ("trainingRunId" uuid, ${OCCURRENCE}, "alertName" text, "modelName" text,
       "championVersion" integer, state text, reason text, guard text, alert jsonb)
     order by fingerprint, "startsAt", state desc
     on conflict (fingerprint, starts_at, attempt) do nothing
     returning training_run_id as id`,
    [JSON.stringify(alerts.map(newRun))],
  );
  return new Set(rows.map((row) => row.id));
}

/** Cancels the runs that have not begun to train, locked in the order of `addRuns`. @returns their ids */
async function cancelRuns(client: Client, alerts: Alert[]): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `with open as (
       select r.training_run_id from training_runs r
       join jsonb_to_recordset($1) as given (${OCCURRENCE}) on given.fingerprint = r.fingerprint and "startsAt" = r.starts_at
       where r.state in ('queued', 'waiting') order by r.fingerprint, r.starts_at for update of r)
     update training_runs r set state = 'cancelled', reason = 'the alert was resolved before training began',
       updated_at = now(), finished_at = now()
     from open where r.training_run_id = open.training_run_id
     returning r.training_run_id as id`,
    [occurrences(alerts)],
  );
  return rows.map((row) => row.id);
}

async function findRuns(client: Client, alerts: Alert[]): Promise<Omit<ReceivedRun, 'created' | 'entered'>[]> {
  const { rows } = await client.query(
    `select distinct on (fingerprint, starts_at) training_run_id as "trainingRunId", fingerprint, starts_at as "startsAt",
       alert_name as "alertName", model_name as "modelName", state, reason, guard
     from training_runs where (fingerprint, starts_at) in (
       select fingerprint, "startsAt" from jsonb_to_recordset($1) as given (${OCCURRENCE}))
     order by fingerprint, starts_at, attempt desc`,
    [occurrences(alerts)],
  );
  return rows;
}

function occurrences(alerts: Alert[]): string {
  return JSON.stringify(alerts.map(({ fingerprint, startsAt }) => ({ fingerprint, startsAt })));
}
