import type { Queryable } from './pool.js';

/** The first instant whose predictions retention has not removed; undefined where it has removed none. */
export async function loadKeptFrom(db: Queryable): Promise<Date | undefined> {
  const { rows } = await db.query<{ keptFrom: Date | null }>('select kept_from() as "keptFrom"');
  return rows[0]!.keptFrom ?? undefined;
}

/** What there is to say of a prediction that retention has removed. */
export function describeDropped(keptFrom: Date): string {
  return `predictions before ${keptFrom.toISOString()} are older than retention (MONITOR_RETENTION_DAYS) and were removed`;
}
