import type { Queryable } from '../../core/postgres/pool.js';

const MINUTE = 60;

/** Requests refused in the whole minutes that overlap a window, by reason. Times are seconds since 1970. */
export interface RefusedRequests {
  start: number;
  end: number;
  /** Part of those minutes that lies within the window, above 0 and at most 1. */
  within: number;
  byReason: Record<string, number>;
}

/**
 * Requests for a model that were refused as invalid in the minutes that overlap [start, end), as far as the service has stored
 * them: it counts them by the minute and stores them every ten seconds, so what a window had is not known as soon as it closes.
 */
export async function loadRefusedRequests(
  db: Queryable,
  modelName: string,
  window: { start: number; end: number },
): Promise<RefusedRequests> {
  const start = Math.floor(window.start / MINUTE) * MINUTE;
  const end = Math.ceil(window.end / MINUTE) * MINUTE;
  const { rows } = await db.query<{ reason: string; count: number }>(
    `select reason, sum(request_count)::bigint as count from refused_requests
      where model_name = $1 and minute >= to_timestamp($2) and minute < to_timestamp($3)
      group by reason order by count desc, reason`,
    [modelName, start, end],
  );
  const within = (window.end - window.start) / (end - start);
  return { start, end, within, byReason: Object.fromEntries(rows.map(({ reason, count }) => [reason, count])) };
}
