import type { Queryable } from '../../core/postgres/pool.js';

/** Quality of one feature in one window. Shares are of the window's rows, in [0, 1]. */
export interface FeatureQuality {
  feature: string;
  missingShare: number;
  /** Outside the manifest's range; 0 where it gives none. */
  outOfRangeShare: number;
  /** A category the reference does not have; 0 for a numeric feature. */
  unseenShare: number;
  /** Least and greatest value; null for a categorical feature and without values. */
  minimum: number | null;
  maximum: number | null;
  /** Every row that has the feature has the same value, though the reference had several. */
  constant: boolean;
}

/** What is known of the quality of a window's data. */
export interface WindowQuality {
  features: FeatureQuality[];
  /** Share of rows whose features another row of the window has too, beyond the first of each; estimated from a sample. */
  duplicateShare: number;
}

/** Stored quality of one window. */
export interface QualityWindow extends WindowQuality {
  modelName: string;
  modelVersion: number;
  windowName: string;
  windowStart: Date;
  windowEnd: Date;
  rowCount: number;
  computedAt: Date;
}

/** The newest windows of a model with the quality of their data, newest first. */
export async function loadQualityWindows(
  db: Queryable,
  options: {
    modelName: string;
    modelVersion?: number;
    windowName?: string;
    /** Only windows that ended after this, seconds since 1970. */
    since?: number | undefined;
    limit: number;
  },
): Promise<QualityWindow[]> {
  const { modelName, modelVersion, windowName = 'default', limit } = options;
  const { rows } = await db.query<Omit<QualityWindow, keyof WindowQuality> & { report: WindowQuality }>(
    `select model_name as "modelName", model_version as "modelVersion", window_name as "windowName",
            window_start as "windowStart", window_end as "windowEnd", row_count as "rowCount",
            computed_at as "computedAt", report
       from quality_windows
      where model_name = $1 and ($2::int is null or model_version = $2) and window_name = $3
        and window_end > coalesce(to_timestamp($5), '-infinity'::timestamptz)
      order by window_start desc, model_version desc limit $4`,
    [modelName, modelVersion ?? null, windowName, limit, options.since ?? null],
  );
  return rows.map(({ report, ...row }) => ({ ...row, ...report }));
}
