import { DEFAULT_WINDOW } from '../../core/manifest/alerting-windows.js';
import { type Pool, type Queryable, withTransaction } from '../../core/postgres/pool.js';
import { RETURNED_AT } from '../../core/registry/term.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import type { Cause } from './cause/cause.js';
import { subjectKey, type WindowDecision } from './decide-window.js';
import type { PastVerdict } from './judge.js';
import type { SubjectVerdict, Verdict } from './verdict.js';

/** A stored window. */
export interface StoredWindow {
  modelName: string;
  modelVersion: number;
  windowName: string;
  /** Part of the rows, as `feature=value`; empty for all. */
  segment: string;
  windowStart: Date;
  windowEnd: Date;
  rowCount: number;
  verdict: Verdict;
  decidedAt: Date;
  subjects: SubjectVerdict[];
  /** What drifted subjects look like; null where nothing exceeded. */
  cause: Cause | null;
}

/** One of a model's sequences of windows: by name, of all rows (the empty segment) or of a part of them. */
export interface Series {
  windowName: string;
  segment: string;
}

/** The windows of `monitoring.window`, over all rows. */
export const DEFAULT_SERIES: Series = { windowName: DEFAULT_WINDOW, segment: '' };

/**
 * By subject, the last `count` windows that had enough rows and began before `start`, newest first; where `since` is
 * given, only those that ended after it. Times are seconds since 1970.
 */
export async function loadPast(
  db: Queryable,
  version: ModelVersion,
  range: { start: number; since: number | undefined; count: number },
  series = DEFAULT_SERIES,
): Promise<Map<string, PastVerdict[]>> {
  const { rows } = await db.query<PastVerdict & { kind: string; subject: string }>(
    `select kind, subject, exceeded, verdict from verdicts
      where model_name = $1 and model_version = $2 and window_name = $6 and segment = $7 and window_start in
        (select window_start from drift_windows
          where model_name = $1 and model_version = $2 and window_name = $6 and segment = $7
            and window_start < to_timestamp($3)
            and window_end > coalesce(to_timestamp($5), '-infinity'::timestamptz)
            and verdict <> 'insufficient-data'
          order by window_start desc limit $4)
      order by window_start desc`,
    [
      version.modelName,
      version.modelVersion,
      range.start,
      range.count,
      range.since ?? null,
      series.windowName,
      series.segment,
    ],
  );
  const past = new Map<string, PastVerdict[]>();
  for (const { kind, subject, exceeded, verdict } of rows) {
    const key = subjectKey(kind, subject);
    past.set(key, [...(past.get(key) ?? []), { exceeded, verdict }]);
  }
  return past;
}

/** Stores a window with its verdicts, in one transaction; one that is stored already stays as it was decided. */
export async function storeDecision(
  pool: Pool,
  version: ModelVersion,
  decision: WindowDecision & { cause: Cause | null },
  decidedAt: Date,
  series = DEFAULT_SERIES,
): Promise<void> {
  const { window, verdict, subjects, cause } = decision;
  const key = [version.modelName, version.modelVersion, series.windowName, series.segment, window.start];
  await withTransaction(pool, async (client) => {
    const inserted = await client.query(
      `insert into drift_windows
         (model_name, model_version, window_name, segment, window_start, window_end, row_count, verdict, decided_at, cause)
       values ($1, $2, $3, $4, to_timestamp($5), to_timestamp($6), $7, $8, $9, $10) on conflict do nothing`,
      [...key, window.end, window.rows, verdict, decidedAt, cause],
    );
    if (inserted.rowCount === 0) return;
    await client.query(
      `insert into verdicts (model_name, model_version, window_name, segment, window_start, kind, subject, row_count, psi, psi_null_band,
         ks_statistic, ks_critical_value, statistics, exceeded, verdict, reason)
       select $1, $2, $3, $4, to_timestamp($5), v.kind, v.subject, v.rows, v.psi, v."psiNullBand",
         v."ksStatistic", v."ksCriticalValue", v.statistics, v.exceeded, v.verdict, v.reason
         from jsonb_to_recordset($6::jsonb) as v(kind text, subject text, rows bigint, psi float8, "psiNullBand" float8,
           "ksStatistic" float8, "ksCriticalValue" float8, statistics jsonb, exceeded boolean, verdict text, reason text)`,
      [...key, JSON.stringify(subjects)],
    );
  });
}

/** A stored window of `drift_windows w`, with its subjects. */
const WINDOW_COLUMNS = `w.model_name as "modelName", w.model_version as "modelVersion", w.window_name as "windowName",
            w.segment, w.window_start as "windowStart",
            w.window_end as "windowEnd", w.row_count as "rowCount", w.verdict, w.decided_at as "decidedAt", w.cause,
            (select coalesce(jsonb_agg(jsonb_build_object('kind', v.kind, 'subject', v.subject, 'rows', v.row_count,
                      'psi', v.psi, 'psiNullBand', v.psi_null_band, 'ksStatistic', v.ks_statistic,
                      'ksCriticalValue', v.ks_critical_value, 'statistics', v.statistics, 'exceeded', v.exceeded, 'verdict', v.verdict,
                      'reason', v.reason) order by v.kind, v.subject), '[]')
               from verdicts v
              where (v.model_name, v.model_version, v.window_name, v.segment, v.window_start)
                  = (w.model_name, w.model_version, w.window_name, w.segment, w.window_start)
            ) as subjects`;

/**
 * The newest windows of a model over all its versions, newest first, each with its subjects; of the model's own window
 * where no other series is given. Or of one version only.
 */
export async function loadWindows(
  db: Queryable,
  options: { modelName: string; modelVersion?: number; limit: number } & Partial<Series>,
): Promise<StoredWindow[]> {
  const { windowName, segment } = { ...DEFAULT_SERIES, ...options };
  const { rows } = await db.query<StoredWindow>(
    `select ${WINDOW_COLUMNS}
       from drift_windows w
      where w.model_name = $1 and ($2::int is null or w.model_version = $2) and w.window_name = $4 and w.segment = $5
      order by w.window_start desc, w.model_version desc limit $3`,
    [options.modelName, options.modelVersion ?? null, options.limit, windowName, segment],
  );
  return rows;
}

/** A version's series of windows over all rows. */
export interface VersionSeries {
  modelName: string;
  modelVersion: number;
  windowName: string;
}

/**
 * Of each series the newest window, in one query; of a version that became champion again, only one that ended since:
 * earlier ones say nothing of its present term.
 */
export async function loadNewestWindows(db: Queryable, series: VersionSeries[]): Promise<StoredWindow[]> {
  const { rows } = await db.query<StoredWindow>(
    `select ${WINDOW_COLUMNS}
       from unnest($1::text[], $2::int[], $3::text[]) as s (model_name, model_version, window_name)
      cross join lateral (
        select * from drift_windows d
         where (d.model_name, d.model_version, d.window_name, d.segment)
             = (s.model_name, s.model_version, s.window_name, '')
           and d.window_end > coalesce((${RETURNED_AT}), '-infinity')
         order by d.window_start desc limit 1) w`,
    [series.map((s) => s.modelName), series.map((s) => s.modelVersion), series.map((s) => s.windowName)],
  );
  return rows;
}
