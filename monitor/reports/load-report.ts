import { DEFAULT_WINDOW } from '../../core/manifest/alerting-windows.js';
import { loadPerformanceWindows } from '../performance/window-performance.js';
import { loadQualityWindows } from '../quality/window-quality.js';
import { loadWindows } from '../verdicts/stored.js';
import { type CurrentWindow, loadCurrentWindow, type WindowQuestion } from './current-window.js';
import { dataQualityReport } from './data-quality.js';
import { dataDriftReport, targetDriftReport } from './drift.js';
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

/** Loads what the four reports need, once, and makes them. */
export async function loadReports(source: ReportSource): Promise<ReportSet> {
  const { db, version, asked, segment = '', now } = source;
  const { modelName, modelVersion } = version;
  const windowName = 'newestOf' in asked ? asked.newestOf : DEFAULT_WINDOW;
  const newest = { modelName, modelVersion, windowName, segment, limit: HISTORY_WINDOWS };
  const current = await loadCurrentWindow({ ...source, segment });
  const past = await loadWindows(db, newest);
  // The rows of a segment are not told apart when quality is counted.
  const quality = segment === '' ? await loadQualityWindows(db, newest) : [];
  const stored = quality.find((window) => isOf(window, current));
  const windows = (await loadPerformanceWindows(db, newest)).filter(
    (window) => 'newestOf' in asked || isWithin(window, asked),
  );
  const question = { version, asked, segment, now };
  return {
    'data-drift': dataDriftReport({ ...question, current, past }),
    'data-quality': dataQualityReport({ ...question, current, stored }),
    'target-drift': targetDriftReport({ ...question, current, past, performance: windows }),
    'model-performance': modelPerformanceReport({ ...question, windows }),
  };
}

/** One of them. */
export async function loadReport(source: ReportSource, kind: ReportKind): Promise<Report> {
  return (await loadReports(source))[kind];
}

interface Stretch {
  windowStart: Date;
  windowEnd: Date;
}

function isOf(window: Stretch, current: CurrentWindow | undefined): boolean {
  if (!current) return false;
  return (
    window.windowStart.getTime() === current.start.getTime() && window.windowEnd.getTime() === current.end.getTime()
  );
}

function isWithin({ windowStart, windowEnd }: Stretch, asked: { from: number; until: number }): boolean {
  return windowStart.getTime() >= asked.from * 1_000 && windowEnd.getTime() <= asked.until * 1_000;
}
