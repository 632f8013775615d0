import type { Queryable } from '../../../core/postgres/pool.js';

/** A newly stored prediction, as a line of a list. */
export interface RecentPrediction {
  id: string;
  requestedAt: Date;
  version: number;
  label: string | null;
  value: number | null;
  errorClass: string | null;
  actual: string | null;
}

const MOST_RECENT = 8;

/** The newest live predictions of a model, newest first. */
export async function loadRecentPredictions(db: Queryable, modelName: string): Promise<RecentPrediction[]> {
  const { rows } = await db.query<RecentPrediction>(
    `select p.prediction_id as id, p.requested_at as "requestedAt", p.model_version as version, p.label, p.value,
            p.error_class as "errorClass", o.actual
       from (select v.model_version from model_versions v where v.model_name = $1) as versions
       join lateral (select * from predictions
                      where model_name = $1 and model_version = versions.model_version and source = 'live'
                      order by requested_at desc limit ${MOST_RECENT}) as p on true
       left join lateral (select actual from outcomes where prediction_id = p.prediction_id
                           order by revision desc limit 1) as o on true
      order by p.requested_at desc limit ${MOST_RECENT}`,
    [modelName],
  );
  return rows;
}
