import type { Queryable } from '../../core/postgres/pool.js';

/** How many of the given predictions are stored, and how many live rows the model has since an instant. */
export async function countStored(
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
