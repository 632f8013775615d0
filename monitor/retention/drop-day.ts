import { appendAudit } from '../../core/audit/append.js';
import { LOCKS } from '../../core/postgres/locks.js';
import { type Client, type Pool, withTransaction } from '../../core/postgres/pool.js';
import { findHold, type Hold } from './find-hold.js';

/** A day that is gone, with how many rows it had; none where another monitor has dropped it. Or the reason why it is not. */
export type DroppedDay = { held: Hold } | { rows: number | undefined };

/** Rows of a model on a day; those that were answers to somebody are acknowledged, shadow ones are not. */
interface ModelRows {
  modelName: string;
  rows: number;
  acknowledged: number;
}

/** Readers and writers wait behind a drop that waits for its turn: three locks, each for this long at most. */
const LOCK_TIMEOUT = '200ms';
/** A monitor that is paused or cut off in the middle holds the table for no longer than this. */
const IDLE_TIMEOUT = '5s';
/** lock_not_available, deadlock_detected: others were at work on the table. */
const LOCK_CODES = ['55P03', '40P01'];
/** A day is counted hour by hour, as the pool gives up a query that takes long. */
const HOURS = 24;

/**
 * Removes the predictions of a UTC day (`YYYY-MM-DD`): its partition, and what lies of it in `predictions_default`. One
 * transaction with the note in `dropped_days` and an entry of the audit trail for each model that had rows.
 * `detach concurrently` is not to be had beside a default partition; the lock on the whole table is held for the moment
 * that the catalogue takes, files are deleted after it.
 */
export async function dropDay(pool: Pool, day: string, now: Date): Promise<DroppedDay> {
  try {
    return await withTransaction(pool, async (client) => {
      await client.query(
        `set local lock_timeout = '${LOCK_TIMEOUT}'; set local idle_in_transaction_session_timeout = '${IDLE_TIMEOUT}'`,
      );
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [
        LOCKS.retention,
      ]);
      // Whoever stores rows that are this old, or counts anew, shares the lock: from here on the day gets no more.
      const held = rows[0]!.mine ? await findHold(client, day) : 'locked';
      return held ? { held } : { rows: await dropRows(client, day, now) };
    });
  } catch (error) {
    if (LOCK_CODES.includes(String((error as { code?: unknown }).code))) return { held: 'locked' };
    throw error;
  }
}

/** @returns how many rows; undefined where there is no such day any more */
async function dropRows(client: Client, day: string, now: Date): Promise<number | undefined> {
  const partition = `predictions_${day.replaceAll('-', '')}`;
  const { rows: found } = await client.query<{ there: boolean }>('select prediction_partition_exists($1) as there', [
    partition,
  ]);
  const there = found[0]!.there;
  const byModel = await countByModel(client, day);
  if (!there && byModel.length === 0) return undefined;
  await client.query(
    `delete from predictions_default where requested_at >= $1::date::timestamp at time zone 'UTC'
        and requested_at < ($1::date + 1)::timestamp at time zone 'UTC'`,
    [day],
  );
  await client.query(
    `insert into dropped_days (day, row_count, dropped_at) values ($1, $2, $3)
     on conflict (day) do update set row_count = dropped_days.row_count + excluded.row_count, dropped_at = excluded.dropped_at`,
    [day, byModel.reduce((sum, { acknowledged }) => sum + acknowledged, 0), now],
  );
  if (there) {
    await client.query('lock table only predictions in access exclusive mode');
    await client.query(`drop table ${client.escapeIdentifier(partition)}`);
  }
  await appendAudit(
    client,
    byModel.map(({ modelName, rows }) => ({
      actor: 'retention',
      action: 'predictions.dropped',
      modelName,
      details: { day, rows },
    })),
  );
  return byModel.reduce((sum, { rows }) => sum + rows, 0);
}

async function countByModel(client: Client, day: string): Promise<ModelRows[]> {
  const byModel = new Map<string, ModelRows>();
  for (let hour = 0; hour < HOURS; hour++) {
    const { rows: counted } = await client.query<ModelRows>(
      `select model_name as "modelName", count(*) as rows, count(*) filter (where source <> 'shadow') as acknowledged
         from predictions
        where requested_at >= $1::date::timestamp at time zone 'UTC' + make_interval(hours => $2)
          and requested_at < $1::date::timestamp at time zone 'UTC' + make_interval(hours => $2 + 1)
        group by 1`,
      [day, hour],
    );
    for (const { modelName, rows, acknowledged } of counted) {
      const before = byModel.get(modelName) ?? { modelName, rows: 0, acknowledged: 0 };
      byModel.set(modelName, { modelName, rows: before.rows + rows, acknowledged: before.acknowledged + acknowledged });
    }
  }
  return [...byModel.values()].sort((a, b) => (a.modelName < b.modelName ? -1 : 1));
}
