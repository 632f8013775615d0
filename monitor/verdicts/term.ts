import type { Queryable } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';

/** When the version `s.model_version` of `s.model_name`, champion before, became it again: null when it never did. */
export const RETURNED_AT = `select max(again.promoted_at)
             from promotions again
            where again.model_name = s.model_name and again.to_version = s.model_version
              and again.from_version is distinct from s.model_version
              and exists (select 1 from promotions before
                           where before.model_name = s.model_name and before.to_version = s.model_version
                             and before.promotion_id < again.promotion_id)`;

/**
 * When a version that had been champion before became it again, seconds since 1970, the newest such time; undefined when
 * it never did. Windows that ended by then belong to an earlier term: they say nothing of the rows since.
 */
export async function loadReturnedAt(
  db: Queryable,
  version: Pick<ModelVersion, 'modelName' | 'modelVersion'>,
): Promise<number | undefined> {
  const { rows } = await db.query<{ returnedAt: number | null }>(
    `select extract(epoch from (${RETURNED_AT}))::float8 as "returnedAt"
       from (values ($1::text, $2::int)) as s (model_name, model_version)`,
    [version.modelName, version.modelVersion],
  );
  return rows[0]?.returnedAt ?? undefined;
}

/** A stretch of time in which a version was champion, as far as it is not decided. Times are seconds since 1970. */
export interface Term {
  /** End of the last decided window, or the start of the bucket in which the term began; undefined before any. */
  from: number | undefined;
  until: number;
  /** No rows come any more: windows after the last bucket would be empty for ever. */
  over: boolean;
  /** When the version returned for this term; only windows that end later are its past. */
  since: number | undefined;
}

/**
 * The terms of a version with time that is not decided yet, oldest first: the one it is in or was in last, and before
 * it what is left of an earlier one. Its absence between them is in neither.
 */
export function undecidedTerms(options: {
  returnedAt: number | undefined;
  bucketSeconds: number;
  decidedUntil: number | undefined;
  closedUntil: number;
  isChampion: boolean;
}): Term[] {
  const { returnedAt, bucketSeconds, decidedUntil, closedUntil } = options;
  const last: Term = { from: decidedUntil, until: closedUntil, over: !options.isChampion, since: returnedAt };
  if (returnedAt === undefined) return [last];
  const begin = Math.floor(returnedAt / bucketSeconds) * bucketSeconds;
  if (decidedUntil !== undefined && decidedUntil >= begin) return [last];
  const earlier: Term = { from: decidedUntil, until: Math.min(begin, closedUntil), over: true, since: undefined };
  return [earlier, { ...last, from: begin }];
}
