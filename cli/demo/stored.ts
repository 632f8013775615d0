import { setTimeout as delay } from 'node:timers/promises';
import type { Queryable } from '../../core/postgres/pool.js';

/**
 * How many of the given predictions are stored, and how many live rows the model has since an instant. Answers leave
 * before their rows are in Postgres: waits until all of them are, or until nothing has come for `patienceMs`.
 */
export async function countStored(
  db: Queryable,
  model: string,
  ids: string[],
  since: Date,
  patienceMs = 10_000,
): Promise<{ ofIds: number; sinceThen: number }> {
  let counts = await countOnce(db, model, ids, since);
  let end = Date.now() + patienceMs;
  while (counts.ofIds < ids.length && Date.now() < end) {
    await delay(200);
    const next = await countOnce(db, model, ids, since);
    if (next.ofIds > counts.ofIds) end = Date.now() + patienceMs;
    counts = next;
  }
  return counts;
}

async function countOnce(
  db: Queryable,
  model: string,
  ids: string[],
  since: Date,
): Promise<{ ofIds: number; sinceThen: number }> {
  const { rows: mine } = await db.query<{ n: number }>(
    'select count(*) as n from predictions where prediction_id = any($1::uuid[]) and requested_at >= $2',
    [ids, since],
  );
  const { rows: all } = await db.query<{ n: number }>(
    `select count(*) as n from predictions where model_name = $1 and requested_at >= $2 and source = 'live'`,
    [model, since],
  );
  return { ofIds: mine[0]!.n, sinceThen: all[0]!.n };
}
