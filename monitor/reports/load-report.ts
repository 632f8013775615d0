import type { Queryable } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { loadPerformanceWindows } from '../performance/window-performance.js';
import { loadQualityWindows } from '../quality/window-quality.js';
import { loadWindows } from '../verdicts/stored.js';
import type { AskedWindow } from './asked-window.js';
import { type CurrentWindow, loadCurrentWindow } from './current-window.js';
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

/** What a report is made from. `windowRows` is the setting that takes the place of the manifest's windows. */
export interface ReportSource {
  db: Queryable;
  version: ModelVersion;
  asked: AskedWindow;
  windowRows: number | undefined;
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
  const { db, version, asked, now } = source;
  const { modelName, modelVersion } = version;
  const newest = { modelName, modelVersion, limit: HISTORY_WINDOWS };
  const current = await loadCurrentWindow(db, version, asked, source.windowRows);
  const past = await loadWindows(db, newest);
  const quality = await loadQualityWindows(db, newest);
  const performance = await loadPerformanceWindows(db, newest);
  const stored = quality.find((window) => isOf(window, current));
  const windows = performance.filter((window) => asked === 'latest' || isWithin(window, asked));
  return {
    'data-drift': dataDriftReport({ version, current, past, now }),
    'data-quality': dataQualityReport({ version, current, stored, now }),
    'target-drift': targetDriftReport({ version, current, past, now }),
    'model-performance': modelPerformanceReport({ version, current, windows, now }),
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
