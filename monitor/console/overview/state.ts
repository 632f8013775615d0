import type { Queryable } from '../../../core/postgres/pool.js';
import { listVersions, type ModelVersion } from '../../../core/registry/versions.js';
import type { DriftAlert } from '../../alerts/decide-alerts.js';
import { listAlerts } from '../../alerts/stored.js';
import type { Traffic } from '../../charts/traffic-chart.js';
import { loadReports, type ReportSet } from '../../reports/load-report.js';
import { loadChampionWindow } from '../../verdicts/champion-window.js';
import type { StoredWindow } from '../../verdicts/stored.js';
import type { Verdict } from '../../verdicts/verdict.js';
import { loadRuns, type ShownRun } from '../runs.js';
import { loadTraffic } from '../traffic.js';

/** What is known of a model at a glance. */
export interface ModelState {
  modelName: string;
  champion: ModelVersion | undefined;
  /** The newest registered version. */
  newestVersion: number;
  /** The champion's newest decided window. */
  window: StoredWindow | undefined;
  verdict: Verdict;
  /** Start of the first of the windows that have had this verdict without a break. */
  since: Date | undefined;
  /** The last hour. */
  traffic: Traffic;
  /** On the champion's newest window; undefined without a champion. */
  reports: ReportSet | undefined;
  /** Those that fire. */
  alerts: DriftAlert[];
  run: ShownRun | undefined;
}

const RECENT_RUNS = 10;
const RECENT_ALERTS = 20;

/** Loads the state of one model. */
export async function loadModelState(
  db: Queryable,
  modelName: string,
  options: { now: Date; windowRows: number | undefined },
): Promise<ModelState> {
  const { now, windowRows } = options;
  const found = await loadChampionWindow(db, modelName);
  const [newest] = await listVersions(db, modelName);
  const window = found?.window;
  const reports = found && (await loadReports({ db, version: found.version, asked: 'latest', windowRows, now }));
  const runs = await loadRuns(db, modelName, RECENT_RUNS);
  const alerts = (await listAlerts(db, modelName, RECENT_ALERTS)).filter((alert) => alert.endsAt === null);
  return {
    modelName,
    champion: found?.version,
    newestVersion: newest?.modelVersion ?? 0,
    window,
    verdict: window?.verdict ?? 'insufficient-data',
    since: window && (await loadSince(db, window)),
    traffic: await loadTraffic(db, modelName, 'hour', now),
    reports,
    alerts,
    run: tellingRun(runs, alerts),
  };
}

/** States in which nothing was done: of several alerts at once one gets the retraining, and the others wait or are refused. */
const IDLE_STATES = ['queued', 'refused', 'cancelled'];

/**
 * The run that says most of where the model is: one in which something was done, since the oldest alert that fires where one
 * does; else the newest.
 */
export function tellingRun(runs: ShownRun[], alerts: DriftAlert[]): ShownRun | undefined {
  const begun = Math.min(...alerts.map((alert) => alert.startsAt.getTime()));
  const since = alerts.length > 0 ? runs.filter((run) => run.createdAt.getTime() >= begun) : runs;
  return since.find((run) => !IDLE_STATES.includes(run.state)) ?? since[0] ?? runs[0];
}

async function loadSince(db: Queryable, window: StoredWindow): Promise<Date> {
  const { rows } = await db.query<{ since: Date }>(
    `select min(window_start) as since from drift_windows
      where model_name = $1 and model_version = $2 and window_name = $4 and segment = '' and window_start >
        (select coalesce(max(window_start), '-infinity') from drift_windows
          where model_name = $1 and model_version = $2 and window_name = $4 and segment = '' and verdict <> $3)`,
    [window.modelName, window.modelVersion, window.verdict, window.windowName],
  );
  return rows[0]!.since;
}
