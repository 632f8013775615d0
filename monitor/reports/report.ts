import type { VersionState } from '../../core/registry/versions.js';
import type { DistributionCell } from '../charts/cells.js';
import type { HistoryPoint } from '../charts/history-chart.js';
import type { Cause } from '../verdicts/cause/cause.js';
import type { Verdict } from '../verdicts/verdict.js';

// Member names are those of the JSON that is sent and written; the types below are its schema. Instants are RFC 3339.

/** The kinds of report, and what each is called. */
export const REPORT_TITLES = {
  'data-drift': 'Data drift',
  'data-quality': 'Data quality',
  'target-drift': 'Target drift',
  'model-performance': 'Model performance',
} as const;
export type ReportKind = keyof typeof REPORT_TITLES;
export const REPORT_KINDS = Object.keys(REPORT_TITLES) as ReportKind[];

/** What every report says first. */
export interface ReportHead {
  kind: ReportKind;
  generated_at: string;
  model: { name: string; version: number; state: VersionState; task: string; description: string | null };
  /** Which of the manifest's windows it is the newest of (`default` is monitoring.window); null for a stretch of time. */
  window_name: string | null;
  /** The part of the rows that is looked at, such as `country=DE`; null for all. */
  segment: string | null;
  /** The current window [start, end) in event time and its live rows; null when no window was found. */
  window: { start: string; end: string; row_count: number } | null;
  /** Rows that it is compared with: the frozen reference, its part for the segment, or an earlier day. */
  reference: { row_count: number };
  verdict: Verdict;
  /** What the report says, in a sentence or two. */
  headline: string;
}

/** A feature, or an aspect of the predictions, in reference and current window. What could not be computed is null. */
export interface SubjectReport {
  kind: 'feature' | 'prediction';
  subject: string;
  unit: string | null;
  psi: number | null;
  psi_null_band: number | null;
  ks_statistic: number | null;
  ks_critical_value: number | null;
  verdict: Verdict;
  reason: string;
  distribution: DistributionCell[];
  /** Its last windows of the same version, oldest first. */
  history: HistoryPoint[];
}

/** The inputs against the reference: each feature, most drifted first. */
export interface DataDriftReport extends ReportHead {
  kind: 'data-drift';
  psi_threshold: number;
  ks_threshold: number;
  /** What the changes look like together. Null where nothing exceeded, and for stored windows of segments and of windows that do not alert. */
  cause: Cause | null;
  subjects: SubjectReport[];
}

/** The outcomes of a window against the truth of all reference rows: classes, or tenths of the reference's values. */
export interface LabelShiftReport {
  /** The newest window with outcomes; it may be an earlier one than the report's. */
  window: { start: string; end: string; labelled_rows: number };
  psi: number;
  /** What sampling alone stays below in 99 % of windows of as many rows. */
  psi_null_band: number;
  /** Whether PSI reaches both its threshold and its null band, in this window by itself. It alerts nobody. */
  shifted: boolean;
  headline: string;
  cells: DistributionCell[];
}

/** The answers against those to the reference, and the outcomes against the reference's target where there are some. */
export interface TargetDriftReport extends ReportHead {
  kind: 'target-drift';
  psi_threshold: number;
  ks_threshold: number;
  subjects: SubjectReport[];
  /** Null before any outcome is known. */
  label_shift: LabelShiftReport | null;
}

/** A share of the window's rows, in [0, 1], with its 95 % interval (Wilson) and the share from which it matters. */
export interface ShareReport {
  share: number;
  low: number;
  high: number;
  /** By the manifest, as for the alert `DataQuality`. */
  threshold: number;
}

/** The quality of one feature. Null is what does not fit the feature, has no rows, or is not known. */
export interface FeatureQualityReport {
  feature: string;
  missing: ShareReport | null;
  reference_missing_share: number;
  /** In categories that the reference does not have; of categorical features. */
  unseen: ShareReport | null;
  /** Outside the range of the manifest; of numeric features that have one. */
  out_of_range: ShareReport | null;
  minimum: number | null;
  maximum: number | null;
  /** One value in every row, though the reference had several. */
  constant: boolean | null;
  /** What is worth a look, in words; empty when nothing is. */
  findings: string[];
}

/** What is wrong with the rows themselves, whatever their distribution: features with findings first. */
export interface DataQualityReport extends ReportHead {
  kind: 'data-quality';
  /** What is worth a look in the rows as a whole, in words. */
  findings: string[];
  /** What of such rows is not counted, in words: nothing is said of it. */
  not_known: string[];
  features: FeatureQualityReport[];
  /** Share of rows that repeat another row of the window; null where it is not known. */
  duplicate_share: number | null;
  /**
   * Requests for the model, of whatever version, refused in the whole minutes that overlap the window, by reason, as far as the
   * service had stored them when the report was made (every ten seconds); null for a segment, and without a window.
   */
  refused_requests: { start: string; end: string; by_reason: Record<string, number> } | null;
}

/** One metric of a window, by outcomes or estimated, with its 95 % interval (null ends: none to be had). */
export interface MetricReport {
  metric: string;
  class: string | null;
  value: number;
  low: number | null;
  high: number | null;
}

/** Performance of one window. */
export interface PerformancePoint {
  window_start: string;
  window_end: string;
  model_version: number;
  served_rows: number;
  labelled_rows: number;
  /** By outcomes; null without any. */
  realised: MetricReport[] | null;
  /** Without outcomes, from calibrated scores or an error model; null where nothing can be estimated. */
  estimated: MetricReport[] | null;
}

/** How the model did, where outcomes are known, and how it is expected to do where they are not. */
export interface ModelPerformanceReport extends ReportHead {
  kind: 'model-performance';
  /** The metric that champion and challenger are compared by. */
  metric: string;
  /**
   * The newest window whose outcomes decide something, or else the newest with outcomes, or the newest; of a stretch of time, all
   * of it, whatever windows were decided there. Null without any rows.
   */
  current: PerformancePoint | null;
  confusion: { classes: string[]; counts: number[][] } | null;
  delay_seconds: { p50: number; p90: number; p99: number } | null;
  calibration: { expected_calibration_error: number; null_band: number } | null;
  /** The last windows of the version, of a stretch of time those that ended by its end; oldest first. */
  history: PerformancePoint[];
}

/** Any report. */
export type Report = DataDriftReport | TargetDriftReport | DataQualityReport | ModelPerformanceReport;
