import { setTimeout as delay } from 'node:timers/promises';
import type { Queryable } from '../core/postgres/pool.js';
import type { Logger } from '../core/telemetry/logger.js';
import { invalidReason, type ServiceError } from './errors.js';

/** Requests refused as invalid, by model, minute and reason, as far as they are not stored yet. */
export interface InvalidRequests {
  /** Counts an error that is answered to a request for a model; one that is not the client's does nothing. */
  count(error: ServiceError, model: string): void;
  /** Stores what was counted. What cannot be stored is kept for the next time. */
  store(db: Queryable): Promise<void>;
}

/** Anybody may make names of models up: beyond this many counts, new ones are not kept until the next store. */
const MOST_COUNTS = 10_000;
const MINUTE_MS = 60_000;

/** Makes an empty count. @param isModel  whether a model of this name is served; refusals of others are nobody's */
export function createInvalidRequests(options: {
  now: () => number;
  isModel: (name: string) => boolean;
}): InvalidRequests {
  const { now, isModel } = options;
  let counts = new Map<string, number>();
  return {
    count: (error, model) => {
      const reason = invalidReason(error);
      if (reason === undefined || !isModel(model)) return;
      const key = JSON.stringify([model, Math.floor(now() / MINUTE_MS) * MINUTE_MS, reason]);
      if (counts.has(key) || counts.size < MOST_COUNTS) counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    store: async (db) => {
      if (counts.size === 0) return;
      const storing = counts;
      counts = new Map();
      const rows = [...storing].map(([key, count]) => {
        const [model, minuteMs, reason] = JSON.parse(key) as [string, number, string];
        return { model, minute: new Date(minuteMs), reason, count };
      });
      try {
        await db.query(
          `insert into refused_requests (model_name, minute, reason, request_count)
           select model, minute, reason, count
             from jsonb_to_recordset($1::jsonb) as r(model text, minute timestamptz, reason text, count bigint)
            order by 1, 2, 3
           on conflict (model_name, minute, reason) do update
              set request_count = refused_requests.request_count + excluded.request_count`,
          [JSON.stringify(rows)],
        );
      } catch (error) {
        for (const [key, count] of storing) counts.set(key, (counts.get(key) ?? 0) + count);
        throw error;
      }
    },
  };
}

const STORE_MS = 10_000;

/** Stores the counts every ten seconds until aborted, and once more then. */
export async function keepInvalidRequests(options: {
  db: Queryable;
  requests: Pick<InvalidRequests, 'store'>;
  logger: Pick<Logger, 'warn'>;
  signal: AbortSignal;
}): Promise<void> {
  const { db, requests, logger, signal } = options;
  for (;;) {
    await delay(STORE_MS, undefined, { signal }).catch(() => undefined);
    await requests.store(db).catch((err: unknown) => {
      logger.warn({ err }, 'counts of refused requests not stored, trying again');
    });
    if (signal.aborted) return;
  }
}
