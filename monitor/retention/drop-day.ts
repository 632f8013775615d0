import { appendAudit } from '../../core/audit/append.js';
import { LOCKS } from '../../core/postgres/locks.js';
import { type Client, type Pool, withTransaction } from '../../core/postgres/pool.js';
import { findHold, type Hold } from './find-hold.js';

/** A day that is gone, with its rows by model, or the reason why it is not. */
export type DroppedDay = { held: Hold } | { rows: number };

/** Writers wait behind a drop that waits for readers: not for longer than this, then it is left to the next run. */
const LOCK_TIMEOUT = '1s';
/** lock_not_available, deadlock_detected: others were at work on the table. */
const LOCK_CODES = ['55P03', '40P01'];

/**
 * Removes the predictions of a UTC day (`YYYY-MM-DD`): its partition, and what lies of it in `predictions_default`. One
 * transaction with the note in `dropped_days` and an entry of the audit trail for each model that had rows.
 * `detach concurrently` is not to be had beside a default partition; the lock on the whole table is held for the moment
 * that the catalogue takes, files are deleted after it.
 */
export async function dropDay(pool: Pool, day: string, now: Date): Promise<DroppedDay> {
  try {
    return await withTransaction(pool, async (client) => {
      await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [
        LOCKS.retention,
      ]);
      // Whoever stores rows that are this old shares the lock: from here on the day gets no more.
      const held = rows[0]!.mine ? await findHold(client, day) : 'locked';
      return held ? { held } : { rows: await dropRows(client, day, now) };
    });
  } catch (error) {
    if (LOCK_CODES.includes(String((error as { code?: unknown }).code))) return { held: 'locked' };
    throw error;
  }
}

async function dropRows(client: Client, day: string, now: Date): Promise<number> {
  const partition = `predictions_${day.replaceAll('-', '')}`;
  const { rows: found } = await client.query<{ there: boolean }>('select prediction_partition_exists($1) as there', [
    partition,
  ]);
  const byModel = await countByModel(client, day);
  await client.query(
    `delete from predictions_default where requested_at >= $1::date::timestamp at time zone 'UTC'
        and requested_at < ($1::date + 1)::timestamp at time zone 'UTC'`,
    [day],
  );
  if (found[0]!.there) await client.query(`drop table ${client.escapeIdentifier(partition)}`);
  const total = byModel.reduce((sum, { rows }) => sum + rows, 0);
  await client.query(
    `insert into dropped_days (day, row_count, dropped_at) values ($1, $2, $3)
     on conflict (day) do update set row_count = dropped_days.row_count + excluded.row_count, dropped_at = excluded.dropped_at`,
    [day, total, now],
  );
  await appendAudit(
    client,
    byModel.map(({ modelName, rows }) => ({
      actor: 'retention',
      action: 'predictions.dropped',
      modelName,
      details: { day, rows },
    })),
  );
  return total;
}

async function countByModel(client: Client, day: string): Promise<{ modelName: string; rows: number }[]> {
  const { rows } = await client.query<{ modelName: string; rows: number }>(
    `select model_name as "modelName", count(*) as rows from predictions
      where requested_at >= $1::date::timestamp at time zone 'UTC'
        and requested_at < ($1::date + 1)::timestamp at time zone 'UTC'
      group by 1 order by 1`,
    [day],
  );
  return rows;
}
