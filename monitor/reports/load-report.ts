import { DEFAULT_WINDOW } from '../../core/manifest/alerting-windows.js';
import { ALL_ROWS } from '../../core/reference/segments.js';
import { loadPerformanceWindows } from '../performance/window-performance.js';
import { loadWindows } from '../verdicts/stored.js';
import { bucketSecondsOf } from '../windows/bucket-lengths.js';
import { toBuckets } from './asked-window.js';
import { ANY_LENGTH, loadCurrentWindow, type WindowQuestion } from './current-window.js';
import { dataQualityReport } from './data-quality.js';
import { dataDriftReport, targetDriftReport } from './drift.js';
import { loadAskedPerformance } from './load-performance.js';
import { loadCurrentQuality } from './load-quality.js';
import { modelPerformanceReport } from './model-performance.js';
import type {
  DataDriftReport,
  DataQualityReport,
  ModelPerformanceReport,
  Report,
  ReportKind,
  TargetDriftReport,
} from './report.js';

/** What a report is made from. */
export interface ReportSource extends Omit<WindowQuestion, 'segment'> {
  /** All rows when left out. */
  segment?: string;
  now: Date;
}

/** Windows of history in a report. */
const HISTORY_WINDOWS = 60;

/** All four reports of a version on one window. */
export interface ReportSet {
  'data-drift': DataDriftReport;
  'data-quality': DataQualityReport;
  'target-drift': TargetDriftReport;
  'model-performance': ModelPerformanceReport;
}

/** All four, made from what is loaded once. */
export async function loadReports(source: ReportSource): Promise<ReportSet> {
  const make = await prepareReports(source);
  return {
    'data-drift': make['data-drift'](),
    'data-quality': await make['data-quality'](),
    'target-drift': make['target-drift'](),
    'model-performance': make['model-performance'](),
  };
}

/** One of them. */
export async function loadReport(source: ReportSource, kind: ReportKind): Promise<Report> {
  return (await prepareReports(source))[kind]();
}

/** The buckets of an asked stretch of time. */
async function inBuckets({ db, version }: ReportSource, asked: { from: number; until: number }) {
  const bucketSeconds = await bucketSecondsOf(db, version, ANY_LENGTH);
  return { ...toBuckets(asked, bucketSeconds), bucketSeconds };
}

/** Loads what several reports need. Quality is loaded for its own only: of a window of months it is thousands of samples. */
async function prepareReports(source: ReportSource) {
  const { db, version, asked, segment = ALL_ROWS, now } = source;
  const { modelName, modelVersion } = version;
  const windowName = 'newestOf' in asked ? asked.newestOf : DEFAULT_WINDOW;
  const series = { modelName, modelVersion, windowName, segment, limit: HISTORY_WINDOWS };
  const stretch = 'newestOf' in asked ? undefined : { ...(await inBuckets(source, asked)), segment };
  const current = await loadCurrentWindow({ ...source, segment });
  const past = await loadWindows(db, series);
  const windows = await loadPerformanceWindows(db, { ...series, ...(stretch && { until: stretch.end }) });
  const measured = stretch && (await loadAskedPerformance(db, version, stretch));
  // A stretch without outcomes is not told by those from before it.
  const performance = stretch ? (measured ? [measured] : []) : windows;
  const question = { version, asked, segment, now };
  return {
    'data-drift': () => dataDriftReport({ ...question, current, past }),
    'data-quality': async () => {
      const quality = await loadCurrentQuality(db, version, { current, stretch, windowName, segment });
      return dataQualityReport({ ...question, current, ...quality });
    },
    'target-drift': () => targetDriftReport({ ...question, current, past, performance }),
    'model-performance': () => modelPerformanceReport({ ...question, measured, windows }),
  };
}
