import type { Pool } from '../core/postgres/pool.js';
import { ALL_ROWS } from '../core/reference/segments.js';
import { loadVersion, type ModelVersion } from '../core/registry/versions.js';
import { inSpan } from '../core/telemetry/in-span.js';
import type { Logger } from '../core/telemetry/logger.js';
import { type DirectAlerting, raiseAlerts } from './alerts/raise.js';
import { withModelLock } from './lock.js';
import { loadChampionPerformance } from './metrics/champion-performance.js';
import type { Metrics } from './metrics/metrics.js';
import { computePerformance } from './performance/compute-windows.js';
import { foldOutcomes } from './performance/take-outcomes.js';
import { computeQuality } from './quality/compute-windows.js';
import { summariseVersion } from './summarise/summarise.js';
import { loadChampionWindows } from './verdicts/champion-window.js';
import { decideWindows } from './verdicts/decide.js';
import { loadMeasuredVersions, loadWatchedModels, loadWatchedVersions } from './watched.js';
import { bucketSecondsOf } from './windows/bucket-lengths.js';
import { loadDecidedUntil } from './windows/buckets.js';

/** What a pass works with. Without `alerting`, Prometheus raises the alerts. */
export interface Monitor {
  pool: Pool;
  clock: () => Date;
  logger: Logger;
  metrics: Metrics;
  alerting: DirectAlerting | undefined;
  /** Length of event-time buckets, and how long after its end one is taken as complete. */
  bucketSeconds: number;
  latenessSeconds: number;
  /** Windows of this many rows, whatever the manifests say. */
  windowRows: number | undefined;
  /** Most rows summarised in one transaction. */
  maximumRows: number;
}

/**
 * One pass: for each model, summarise its new rows, decide the windows that closed, raise its alerts; then export what
 * is decided. A model that fails is logged and counted, and does not keep the others from their turn.
 * @returns the names of the models that failed
 * @throws Error when Postgres cannot be asked what there is to do
 */
export async function runPass(monitor: Monitor): Promise<string[]> {
  const { pool, clock, logger, metrics } = monitor;
  const startedAt = clock();
  const failed: string[] = [];
  for (const modelName of await loadWatchedModels(pool)) {
    try {
      const held = await withModelLock(pool, modelName, () =>
        inSpan('watch', { 'plumbline.model.name': modelName }, () => watchModel(monitor, modelName, startedAt)),
      );
      if (!held) metrics.run.lockedModels.inc();
    } catch (error) {
      logger.error({ err: error, modelName }, 'model not watched in this run');
      failed.push(modelName);
    }
  }
  const windows = await loadChampionWindows(pool);
  const performance = await loadChampionPerformance(pool, startedAt);
  // Together, so that no scrape finds the one without the other.
  metrics.drift.set(windows);
  metrics.performance.set(performance);
  return failed;
}

async function watchModel(monitor: Monitor, modelName: string, startedAt: Date): Promise<void> {
  const { pool, alerting, logger, metrics } = monitor;
  for (const version of await loadWatchedVersions(pool, modelName, startedAt))
    await watchVersion(monitor, version, startedAt);
  await watchPerformance(monitor, modelName, startedAt);
  if (!alerting) return;
  const onDelivery = (outcome: string): void => metrics.run.alertDeliveries.inc({ outcome });
  await raiseAlerts({ pool, modelName, now: startedAt, alerting, logger, onDelivery });
}

async function watchVersion(monitor: Monitor, version: ModelVersion, startedAt: Date): Promise<void> {
  const { pool, clock, logger, metrics, maximumRows, windowRows } = monitor;
  const { modelName, modelVersion } = version;
  const bucketSeconds = await bucketSecondsOf(pool, version, monitor.bucketSeconds);
  const decidedUntil = await loadDecidedUntil(pool, version);
  const { rows, lateRows } = await summariseVersion({
    pool,
    version,
    bucketSeconds,
    decidedUntil: decidedUntil ?? Number.NEGATIVE_INFINITY,
    maximumRows,
  });
  metrics.run.rowsSummarised.inc(rows);
  metrics.run.lateRows.inc(lateRows);
  // From the start of the pass: what was stored by then has been summarised.
  const closedUntil = startedAt.getTime() / 1_000 - monitor.latenessSeconds;
  const scope = { pool, version, bucketSeconds, windowRows, closedUntil, clock };
  for (const { window, verdict, windowName, segment } of await decideWindows(scope)) {
    if (segment !== ALL_ROWS) continue;
    const windowEnd = new Date(window.end * 1_000).toISOString();
    logger.info({ modelName, modelVersion, windowName, windowEnd, rows: window.rows, verdict }, 'window decided');
  }
  await computeQuality({ pool, version, bucketSeconds, now: startedAt });
}

/** Counts new outcomes, of whatever version, and computes the windows that they or new rows change. */
async function watchPerformance(monitor: Monitor, modelName: string, now: Date): Promise<void> {
  const { pool, metrics, maximumRows } = monitor;
  const withBuckets = async (version: ModelVersion): Promise<{ version: ModelVersion; bucketSeconds: number }> => ({
    version,
    bucketSeconds: await bucketSecondsOf(pool, version, monitor.bucketSeconds),
  });
  const loadVersions = async (modelVersions: number[]) => {
    const versions = await Promise.all(modelVersions.map((number) => loadVersion(pool, modelName, number)));
    return Promise.all(versions.flatMap((version) => (version?.referencePerformance ? [withBuckets(version)] : [])));
  };
  metrics.run.outcomesCounted.inc(await foldOutcomes({ pool, modelName, loadVersions, maximumRows }));
  for (const { version, bucketSeconds } of await loadVersions(await loadMeasuredVersions(pool, modelName))) {
    await computePerformance({ pool, version, bucketSeconds, now });
  }
}
