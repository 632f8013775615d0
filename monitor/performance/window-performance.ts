import type { Queryable } from '../../core/postgres/pool.js';

/** Metrics that are computed; those of the other kind of task are absent. All are fractions or in the target's unit, log loss in nats. */
export type MetricName =
  | 'accuracy'
  | 'precision'
  | 'recall'
  | 'f1'
  | 'roc_auc'
  | 'log_loss'
  | 'brier'
  | 'mae'
  | 'rmse'
  | 'mape'
  | 'r2'
  | 'bias';

/** One metric with its 95 % interval. */
export interface MetricValue {
  metric: MetricName;
  /** The class it is of; `macro` for the plain mean over classes; null where a metric has no classes. */
  class: string | null;
  value: number;
  /** Ends of the 95 % interval; null where there is none to be had (too few rows, or no formula for it). */
  low: number | null;
  high: number | null;
  /** How the interval was made; the function that makes it says more. */
  interval: 'wilson' | 'delta' | 'delong' | 'normal' | 'none';
  /** ROC AUC only: how far the value can be from that of the scores themselves, as they are counted in bins. */
  binningError?: number;
}

/** How a model did on some rows, or is expected to have done. */
export interface Performance {
  rows: number;
  metrics: MetricValue[];
  /** Rows (or expected rows) by actual class and answered class, `counts[actual][answered]`; null for a regression and beyond 50 classes. */
  confusion: { classes: string[]; counts: number[][] } | null;
}

/** How much worse a window is than the rows at registration, as a part of it: 0.1 is a tenth worse, less than 0 better. */
export interface PerformanceLoss {
  value: number;
  /** The least and the most that the 95 % intervals of both allow; null where one of them has none. */
  atLeast: number | null;
  atMost: number | null;
}

/** How far the confidence of calibrated answers is from how often they were right. */
export interface CalibrationCheck {
  /** Expected calibration error of the answered class over ten bins of equal width (Guo et al. 2017), 0 to 1. */
  expectedCalibrationError: number;
  /** What that error is below in 95 % of windows of as many rows when calibration holds: more is a broken calibration. */
  nullBand: number;
  /** Bins with rows: mean confidence and share of right answers. */
  bins: { rows: number; confidence: number; accuracy: number }[];
}

/** Actual classes, or actual values, of a window against the reference. */
export interface LabelShift {
  psi: number;
  psiNullBand: number;
  /** Cells of both: classes, or tenths of the reference's values (the upper edge of each but the last). */
  cells: string[];
  reference: number[];
  current: number[];
}

/** How long outcomes took to arrive after their prediction, in seconds; good to one part in five. */
export interface DelayQuantiles {
  p50: number;
  p90: number;
  p99: number;
}

/** What is known of a model's performance in one window. */
export interface WindowPerformance {
  /** By outcomes; null without any. */
  realised: Performance | null;
  /** Expected of all live rows without outcomes; null where nothing can be estimated (no probabilities, or an older version). */
  estimated: Performance | null;
  /** Of the estimate since registration, by the manifest's retraining metric; null where either is not known. */
  estimatedLoss: PerformanceLoss | null;
  /** Estimate for the rows with outcomes only: what `realised` is fairly held against. */
  estimatedOfLabelled: Performance | null;
  calibration: CalibrationCheck | null;
  labelShift: LabelShift | null;
  delaySeconds: DelayQuantiles | null;
  /** Outcomes that are no class of the manifest, or no number. */
  unusableOutcomes: number;
}

/** What the outcomes of a window say of the model; `judgeLoss` decides it. */
export type PerformanceVerdict = 'ok' | 'warning' | 'drop' | 'insufficient-data';

/** Performance of a version in a stretch of event time. */
export interface StretchPerformance extends WindowPerformance {
  modelVersion: number;
  windowStart: Date;
  windowEnd: Date;
  /** Live rows that were answered; `labelledRows / servedRows` is the label coverage. */
  servedRows: number;
  labelledRows: number;
  verdict: PerformanceVerdict;
}

/** Stored performance of one window. */
export interface PerformanceWindow extends StretchPerformance {
  modelName: string;
  windowName: string;
  /** As `feature=value`; empty for all rows. */
  segment: string;
  computedAt: Date;
}

const COLUMNS = `model_name as "modelName", model_version as "modelVersion", window_name as "windowName", segment,
            window_start as "windowStart", window_end as "windowEnd", served_rows as "servedRows",
            labelled_rows as "labelledRows", verdict, computed_at as "computedAt", report`;

/** The newest windows of a model with their performance, newest first. */
export async function loadPerformanceWindows(
  db: Queryable,
  options: {
    modelName: string;
    modelVersion?: number;
    windowName?: string;
    /** All rows when left out. */
    segment?: string;
    /** Only windows in which outcomes are known. */
    labelled?: boolean;
    /** Only windows that ended after this, seconds since 1970. */
    since?: number | undefined;
    /** Only windows that ended by then, seconds since 1970. */
    until?: number;
    limit: number;
  },
): Promise<PerformanceWindow[]> {
  const { modelName, modelVersion, windowName = 'default', segment = '', labelled = false, limit } = options;
  const { rows } = await db.query<StoredRow>(
    `select ${COLUMNS}
       from performance_windows
      where model_name = $1 and ($2::int is null or model_version = $2) and window_name = $3 and segment = $4
        and labelled_rows >= $6 and window_end > coalesce(to_timestamp($7), '-infinity'::timestamptz)
        and window_end <= coalesce(to_timestamp($8), 'infinity'::timestamptz)
      order by window_start desc, model_version desc limit $5`,
    [
      modelName,
      modelVersion ?? null,
      windowName,
      segment,
      limit,
      labelled ? 1 : 0,
      options.since ?? null,
      options.until ?? null,
    ],
  );
  return rows.map(fromRow);
}

/**
 * The window by which a version is judged: of those since the newest that says `ok` the newest `drop`, without one the newest
 * `warning`, else that `ok` itself. So a drop stands until a window takes it back, whatever later ones leave open. Undefined
 * where none says anything.
 * @param since  only windows that ended after this, seconds since 1970
 */
export async function loadJudged(
  db: Queryable,
  { modelName, modelVersion }: { modelName: string; modelVersion: number },
  since: number | undefined,
): Promise<PerformanceWindow | undefined> {
  const { rows } = await db.query<StoredRow>(
    `with judged as (
       select *, max(window_start) filter (where verdict = 'ok') over () as ok_start from performance_windows
        where model_name = $1 and model_version = $2 and window_name = 'default' and segment = ''
          and verdict <> 'insufficient-data' and window_end > coalesce(to_timestamp($3), '-infinity'::timestamptz))
     select ${COLUMNS} from judged where ok_start is null or window_start >= ok_start
      order by verdict = 'drop' desc, window_start desc limit 1`,
    [modelName, modelVersion, since ?? null],
  );
  return rows[0] && fromRow(rows[0]);
}

/** Windows that the newest with outcomes is looked for in. */
const RECENT_WINDOWS = 60;

/** Of each version the newest of its recent windows with outcomes, or else the newest; of `monitoring.window`, in one query. */
export async function loadNewestPerformance(
  db: Queryable,
  versions: { modelName: string; modelVersion: number }[],
): Promise<PerformanceWindow[]> {
  const { rows } = await db.query<StoredRow>(
    `select ${COLUMNS}
       from unnest($1::text[], $2::int[]) as s (name, version)
      cross join lateral (
        select * from (
          select * from performance_windows p
           where (p.model_name, p.model_version, p.window_name, p.segment) = (s.name, s.version, 'default', '')
           order by p.window_start desc limit ${RECENT_WINDOWS}) recent
         order by labelled_rows > 0 desc, window_start desc limit 1) newest`,
    [versions.map((v) => v.modelName), versions.map((v) => v.modelVersion)],
  );
  return rows.map(fromRow);
}

type StoredRow = Omit<PerformanceWindow, keyof WindowPerformance> & { report: WindowPerformance };

function fromRow({ report, ...row }: StoredRow): PerformanceWindow {
  return { ...row, ...report };
}
