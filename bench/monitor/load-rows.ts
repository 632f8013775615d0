import type { Pool } from '../../core/postgres/pool.js';
import { benchManifest, CATEGORIES, NUMERIC } from './model.js';

/** The day the rows are of. */
export const DAY_START = Date.UTC(2026, 0, 15) / 1_000;
export const DAY_SECONDS = 86_400;
const ROWS_PER_BATCH = 2_000;
const ROWS_PER_STATEMENT = 250_000;

const number = (feature: number): string =>
  feature % 3 === 0 ? 'random_normal()' : feature % 3 === 1 ? 'exp(random_normal())' : 'random()';

/** Rows `from` to `to` of `total`, spread evenly over the day in capture batches, as the shipper stores them. */
function insertRows(from: number, to: number, total: number): string {
  const numbers = Array.from({ length: NUMERIC }, (_, i) => number(i)).join(', ');
  const texts = CATEGORIES.map((count) => `'value ' || floor(random() * ${count})::int`).join(', ');
  return `insert into predictions (prediction_id, requested_at, model_name, model_version, batch_id, source,
      numeric_features, categorical_features, label, scores, latency_us, request_id)
    select uuidv7(), to_timestamp(${DAY_START} + ${DAY_SECONDS}::float8 * n / ${total}), '${benchManifest.name}', 1,
           ('00000000-0000-7000-8000-' || lpad(to_hex(n / ${ROWS_PER_BATCH}), 12, '0'))::uuid, 'live',
           array[${numbers}], array[${texts}], case when score >= 0.5 then 'yes' else 'no' end,
           array[1 - score, score]::real[], 100, 'request'
      from (select n, random() as score from generate_series(${from}, ${to - 1}) as n) as rows`;
}

/** Stores `total` rows of the bench model as if the service had shipped them. */
export async function loadRows(pool: Pool, total: number, say: (line: string) => void): Promise<void> {
  await pool.query(`select ensure_prediction_partition(to_timestamp(${DAY_START})::date)`);
  for (let from = 0; from < total; from += ROWS_PER_STATEMENT) {
    await pool.query(insertRows(from, Math.min(total, from + ROWS_PER_STATEMENT), total));
    if (from % 1_000_000 === 0) say(`stored ${from.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} rows`);
  }
  await pool.query(
    `insert into capture_batches (batch_id, model_name, model_version, row_count, live_row_count, first_requested_at, last_requested_at)
     select batch_id, model_name, model_version, count(*), count(*) filter (where source = 'live'), min(requested_at), max(requested_at)
       from predictions group by 1, 2, 3`,
  );
  await pool.query('vacuum analyze predictions');
  await pool.query('vacuum analyze capture_batches');
}
