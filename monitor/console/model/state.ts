import type { Pool } from '../../../core/postgres/pool.js';
import { loadPause, type Pause } from '../../../core/registry/pause.js';
import { loadRollouts, type Rollout } from '../../../core/registry/rollouts.js';
import { listVersions, type ModelVersion } from '../../../core/registry/versions.js';
import type { RaisedAlert } from '../../alerts/decide-alerts.js';
import { listAlerts } from '../../alerts/stored.js';
import type { Traffic } from '../../charts/traffic-chart.js';
import { LATEST } from '../../reports/asked-window.js';
import { loadReports, type ReportSet } from '../../reports/load-report.js';
import { loadModelStates, type ModelState } from '../overview/state.js';
import { loadRecentPredictions, type RecentPrediction } from '../prediction/recent.js';
import { loadRuns, type ShownRun } from '../runs.js';
import { loadTraffic, type PeriodName } from '../traffic.js';
import { loadOtherSeries, type ShownSeries } from './series.js';

/** A move of the champion pointer. */
export interface ShownPromotion {
  fromVersion: number | null;
  toVersion: number;
  decidedBy: string;
  reason: string;
  promotedAt: Date;
}

/** All that the page of a model shows. */
export interface ModelDetail {
  state: ModelState;
  /** The version that is looked at: the champion, unless another was asked for. */
  version: ModelVersion;
  versions: ModelVersion[];
  reports: ReportSet;
  period: PeriodName;
  traffic: Traffic;
  promotions: ShownPromotion[];
  alerts: RaisedAlert[];
  runs: ShownRun[];
  recent: RecentPrediction[];
  /** The newest windows of other lengths and of parts of the rows. */
  series: ShownSeries[];
  /** While nothing may happen to the model by itself. */
  pause: Pause | undefined;
  /** The challenger on its way. */
  rollout: Rollout | undefined;
}

const MOST_RUNS = 10;

/** Loads a model's page; undefined when there is no such model, or no such version of it. */
export async function loadModelDetail(
  pool: Pool,
  modelName: string,
  options: { asked: number | undefined; period: PeriodName; now: Date; windowRows: number | undefined },
): Promise<ModelDetail | undefined> {
  const { now, windowRows, period } = options;
  const versions = await listVersions(pool, modelName);
  const champion = versions.find((v) => v.state === 'champion');
  const version =
    options.asked === undefined ? (champion ?? versions[0]) : versions.find((v) => v.modelVersion === options.asked);
  if (!version) return undefined;
  const [state] = await loadModelStates(pool, { now, modelName });
  const traffic = await loadTraffic(pool, [modelName], period, now);
  return {
    state: state!,
    version,
    versions,
    reports: await loadReports({ db: pool, version, asked: LATEST, windowRows, now }),
    period,
    traffic: traffic.get(modelName)!,
    promotions: await loadPromotions(pool, modelName),
    alerts: await listAlerts(pool, modelName, MOST_RUNS),
    runs: await loadRuns(pool, [modelName], MOST_RUNS),
    recent: await loadRecentPredictions(pool, modelName),
    series: await loadOtherSeries(pool, version),
    pause: await loadPause(pool, modelName),
    rollout: (await loadRollouts(pool, modelName))[0],
  };
}

async function loadPromotions(pool: Pool, modelName: string): Promise<ShownPromotion[]> {
  const { rows } = await pool.query<ShownPromotion>(
    `select from_version as "fromVersion", to_version as "toVersion", decided_by as "decidedBy", reason,
            promoted_at as "promotedAt"
       from promotions where model_name = $1 order by promotion_id desc limit ${MOST_RUNS}`,
    [modelName],
  );
  return rows;
}
