import { createRandom } from '../../../core/random.js';
import type { ModelVersion } from '../../../core/registry/versions.js';
import { createRetention } from '../../../monitor/retention/retention.js';
import type { Monitor } from '../../../monitor/run.js';
import type { createDatabase } from '../../helpers/postgres.js';
import { drawRows, idAt, storeBatch } from '../fixture.js';

type Pool = Awaited<ReturnType<typeof createDatabase>>['pool'];

/** Seconds since 1970 of an instant. */
export const at = (time: string): number => Date.parse(time) / 1_000;

/** A partition for the day, `rows` rows from its noon on as one batch that is stored then, and an outcome for each. */
export async function storeDay(pool: Pool, version: ModelVersion, day: string, rows: number): Promise<string[]> {
  await pool.query('select ensure_prediction_partition($1::date)', [day]);
  return storeLate(pool, version, `${day}T12:00:00Z`, rows);
}

/** The same without the partition. */
export async function storeLate(pool: Pool, version: ModelVersion, time: string, rows: number): Promise<string[]> {
  const drawn = drawRows(createRandom(rows), rows);
  const ids = await storeBatch(pool, version, {
    at: (row) => new Date((at(time) + row) * 1_000),
    rows: drawn,
    batchId: idAt(new Date(at(time) * 1_000)),
  });
  await pool.query(
    `insert into outcomes (prediction_id, revision, model_name, actual, observed_at)
     select id, 1, $2, 'yes', now() from unnest($1::uuid[]) as o (id)`,
    [ids, version.modelName],
  );
  return ids;
}

/** The run of retention as the monitor has it. */
export function retentionOf(monitor: Monitor, retentionDays: number): () => Promise<void> {
  const { pool, clock, logger, metrics } = monitor;
  return createRetention({ pool, clock, logger, metrics: metrics.retention, retentionDays });
}

/** The days that have a partition. */
export async function partitionDays(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'predictions'::regclass order by 1`,
  );
  return rows.flatMap(({ name }) => (name === 'predictions_default' ? [] : [name.slice('predictions_'.length)]));
}
