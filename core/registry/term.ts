import type { Queryable } from '../postgres/pool.js';
import type { ModelVersion } from './versions.js';

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
