import { describeDropped, loadKeptFrom } from '../../core/postgres/kept-from.js';
import { LOCKS } from '../../core/postgres/locks.js';
import { type Client, type Pool, withTransaction } from '../../core/postgres/pool.js';
import type { PendingRows } from '../capture/capture.js';
import { idMilliseconds } from '../new-id.js';
import { type Outcome, refusal } from './validate-outcomes.js';

/** What became of the outcomes of a request: first ones, repeats that changed nothing, corrections. */
export interface OutcomeCounts {
  accepted: number;
  unchanged: number;
  revised: number;
}

/**
 * Stores outcomes, all or none. The same actual again changes nothing; another one becomes a new revision. One request a
 * model at a time: each sees what the one before it stored.
 * @throws InvalidRequestError naming each prediction that this model never made
 */
export async function storeOutcomes(
  { pool, pending }: { pool: Pool; pending: PendingRows },
  modelName: string,
  outcomes: Outcome[],
): Promise<OutcomeCounts> {
  await refuseUnknown(pool, pending, modelName, outcomes);
  return withTransaction(pool, async (client) => {
    // A statement of its own: what reads afterwards sees what was committed while this one waited.
    await client.query('select pg_advisory_xact_lock($1, hashtext($2))', [LOCKS.outcomes, modelName]);
    return storeRevisions(client, modelName, outcomes);
  });
}

async function storeRevisions(client: Client, modelName: string, outcomes: Outcome[]): Promise<OutcomeCounts> {
  const ids = outcomes.map((outcome) => outcome.predictionId);
  const { rows } = await client.query<{ id: string; revision: number; actual: string }>(
    `select prediction_id as id, revision, actual from latest_outcomes where prediction_id = any($1::uuid[])`,
    [ids],
  );
  const latest = new Map(rows.map((row) => [row.id, row]));
  const fresh = outcomes.filter(({ predictionId, actual }) => latest.get(predictionId)?.actual !== actual);
  const accepted = fresh.filter(({ predictionId }) => !latest.has(predictionId)).length;
  await client.query(
    `insert into outcomes (prediction_id, revision, model_name, actual, observed_at)
     select id, revision, $1, actual, observed_at
       from unnest($2::uuid[], $3::int[], $4::text[], $5::timestamptz[]) as t (id, revision, actual, observed_at)`,
    [
      modelName,
      fresh.map((outcome) => outcome.predictionId),
      fresh.map(({ predictionId }) => (latest.get(predictionId)?.revision ?? 0) + 1),
      fresh.map((outcome) => outcome.actual),
      fresh.map((outcome) => outcome.observedAt),
    ],
  );
  return { accepted, unchanged: outcomes.length - fresh.length, revised: fresh.length - accepted };
}

/**
 * Refuses outcomes of predictions that were never made. Truth may be quicker than the shipper: what Postgres does not
 * have yet is waited for a little, then looked for in the spool, and taken when it is there.
 */
async function refuseUnknown(pool: Pool, pending: PendingRows, modelName: string, outcomes: Outcome[]): Promise<void> {
  const ids = outcomes.map((outcome) => outcome.predictionId);
  let known = await findStored(pool, modelName, ids);
  const missing = (): string[] => ids.filter((id) => !known.has(id));
  if (missing().length === 0) return;
  await pending.settle();
  known = new Set([...known, ...(await findStored(pool, modelName, missing()))]);
  if (missing().length > 0) known = new Set([...known, ...(await pending.find(missing(), modelName))]);
  // One may have been stored while the spool was searched.
  if (missing().length > 0) known = new Set([...known, ...(await findStored(pool, modelName, missing()))]);
  if (missing().length === 0) return;
  const keptFrom = await loadKeptFrom(pool);
  const isDropped = (id: string): boolean => keptFrom !== undefined && idMilliseconds(id) < keptFrom.getTime();
  const problems = ids.flatMap((id, i) => {
    if (known.has(id)) return [];
    const message = isDropped(id)
      ? `"${id}" comes too late: ${describeDropped(keptFrom!)}`
      : `"${id}" is no prediction of model ${modelName}`;
    return [{ path: `/outcomes/${i}/prediction_id`, message }];
  });
  if (problems.length > 0) throw refusal(problems, 'unknown_prediction');
}

/** A prediction is found by its id and the time in it, which names its partition. */
async function findStored(pool: Pool, modelName: string, ids: string[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>(
    `select p.prediction_id as id
       from unnest($2::uuid[], $3::timestamptz[]) as t (id, requested_at)
       join predictions p on p.prediction_id = t.id and p.requested_at = t.requested_at
      where p.model_name = $1 and p.error_class is null`,
    [modelName, ids, ids.map((id) => new Date(idMilliseconds(id)))],
  );
  return new Set(rows.map((row) => row.id));
}
