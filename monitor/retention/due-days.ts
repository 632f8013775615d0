import type { Queryable } from '../../core/postgres/pool.js';

/**
 * The UTC days with predictions (`YYYY-MM-DD`, oldest first) of which every instant is more than `retentionDays` days old, by
 * `now` or by Postgres's clock, whichever is earlier: a clock that jumps ahead must not remove anything.
 */
export async function loadDueDays(db: Queryable, now: Date, retentionDays: number): Promise<string[]> {
  const { rows } = await db.query<{ day: string }>(
    `with kept as (select (least($1::timestamptz, now()) at time zone 'UTC')::date - $2::int as day),
     partitioned as (
       select to_date(right(relname, 8), 'YYYYMMDD') as day
         from pg_inherits join pg_class on pg_class.oid = inhrelid
        where inhparent = 'predictions'::regclass and relname ~ '^predictions_[0-9]{8}$'),
     stray as (
       select distinct (requested_at at time zone 'UTC')::date as day from predictions_default
        where requested_at < (select day::timestamp at time zone 'UTC' from kept))
     select days.day::text as day from (select day from partitioned union select day from stray) days, kept
      where days.day < kept.day order by 1`,
    [now, retentionDays],
  );
  return rows.map(({ day }) => day);
}
