import { createServer } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { listenOn } from '../core/http/listen.js';
import { assertSchema } from '../core/postgres/migrate.js';
import { createPool, type Pool } from '../core/postgres/pool.js';
import { waitForDatabase } from '../core/postgres/wait.js';
import { listVersions } from '../core/registry/versions.js';
import { type RunningProcess, runProcess } from '../core/run-process.js';
import { createLogger, type Logger } from '../core/telemetry/logger.js';
import type { DirectAlerting } from './alerts/raise.js';
import { createSendAlerts } from './alerts/send.js';
import { createApp } from './app.js';
import { withModelLock } from './lock.js';
import { createMetrics, type Metrics } from './metrics/metrics.js';
import { type Monitor, runPass } from './run.js';
import { createRunner, type Runner } from './runner.js';
import { type Schedule, startSchedule } from './schedule.js';
import { loadMonitorSettings, type MonitorSettings } from './settings.js';
import { rebuildSummaries } from './summarise/rebuild.js';
import { bucketSecondsOf } from './windows/bucket-lengths.js';

const ALERT_TIMEOUT_MS = 5_000;
/** Many times what the largest query of a pass takes; a pass that hangs would keep all later ones from starting. */
const QUERY_TIMEOUT_MS = 60_000;

await runProcess('monitor', chooseRun(process.argv.slice(2)));

/** `--once`: one pass. `--rebuild MODEL`: the model's counts anew. Else: pass after pass. */
function chooseRun([option, modelName]: string[]): (signal: AbortSignal) => Promise<RunningProcess> {
  if (option === '--once') return runOnce;
  if (option !== '--rebuild') return serve;
  return () => rebuild(modelName ?? '');
}

/** One pass and no server. @throws Error when the pass failed, so that the process exits non-zero */
async function runOnce(): Promise<RunningProcess> {
  const settings = loadMonitorSettings();
  const { pool, runnerAt } = compose(settings);
  try {
    await assertSchema(pool);
    const outcome = await runnerAt(settings.MONITOR_PORT).run();
    if (outcome !== 'success') throw new Error('the run failed; the log lines above say why', { cause: outcome });
  } finally {
    await pool.end();
  }
  return { close: async () => undefined };
}

/** Counts the rows of every version of a model anew, and exits. @throws Error without such a model, or while it is watched */
async function rebuild(modelName: string): Promise<RunningProcess> {
  const settings = loadMonitorSettings();
  const { pool, logger } = compose(settings);
  try {
    await assertSchema(pool);
    const versions = await listVersions(pool, modelName);
    if (versions.length === 0) throw new Error(`no model "${modelName}" is registered: write --rebuild and its name`);
    const held = await withModelLock(pool, modelName, async () => {
      for (const version of versions) {
        const bucketSeconds = await bucketSecondsOf(pool, version, settings.MONITOR_BUCKET_SECONDS);
        const rows = await rebuildSummaries({ pool, version, bucketSeconds });
        logger.info({ modelName, modelVersion: version.modelVersion, rows }, 'rows counted anew');
      }
    });
    if (!held) throw new Error(`another monitor works on ${modelName} just now: try again`);
  } finally {
    await pool.end();
  }
  return { close: async () => undefined };
}

/** Listens, waits for the database, runs a pass at once and then by the schedule. */
async function serve(signal: AbortSignal): Promise<RunningProcess> {
  const settings = loadMonitorSettings();
  const { pool, registry, logger, metrics, runnerAt } = compose(settings);
  const server = createServer(createApp({ pool, registry, logger }));
  const { MONITOR_HOST: host, MONITOR_PORT, MONITOR_SCHEDULE } = settings;
  const port = await listenOn(server, { host, port: MONITOR_PORT, setting: 'MONITOR_PORT' });
  logger.info({ host, port }, 'listening');
  const runner = runnerAt(port);
  let schedule: Schedule | undefined;
  if (await waitForDatabase(pool, logger, signal)) {
    schedule = startSchedule(MONITOR_SCHEDULE, () => runner.run());
    metrics.run.period.set(schedule.periodSeconds);
    void runner.run();
  }
  return {
    close: async () => {
      await schedule?.stop();
      await runner.idle();
      server.close();
      server.closeAllConnections();
      await pool.end();
    },
  };
}

function compose(settings: MonitorSettings): {
  pool: Pool;
  registry: Registry;
  logger: Logger;
  metrics: Metrics;
  runnerAt: (port: number) => Runner;
} {
  const logger = createLogger('monitor', settings.LOG_LEVEL);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = createMetrics(registry);
  const pool = createPool({
    connectionString: settings.DATABASE_URL,
    applicationName: 'plumbline-monitor',
    queryTimeoutMs: QUERY_TIMEOUT_MS,
    onError: (error) => logger.warn({ err: error }, 'database connection lost'),
  });
  const clock = (): Date => new Date();
  const runnerAt = (port: number): Runner => {
    const monitor: Monitor = {
      pool,
      clock,
      logger,
      metrics,
      alerting: directAlerting(settings, port),
      bucketSeconds: settings.MONITOR_BUCKET_SECONDS,
      latenessSeconds: settings.MONITOR_LATENESS_SECONDS,
      windowRows: settings.MONITOR_WINDOW_ROWS,
      maximumRows: settings.MONITOR_BATCH_ROWS,
    };
    return createRunner({ pass: () => runPass(monitor), clock, logger, metrics: metrics.run });
  };
  return { pool, registry, logger, metrics, runnerAt };
}

function directAlerting(settings: MonitorSettings, port: number): DirectAlerting | undefined {
  const { MONITOR_ALERTING, MONITOR_ALERT_URL: url, MONITOR_ALERT_TOKEN: token = '' } = settings;
  if (MONITOR_ALERTING === 'prometheus') return undefined;
  return {
    send: createSendAlerts({ url, token, timeoutMs: ALERT_TIMEOUT_MS }),
    repeatSeconds: settings.MONITOR_ALERT_REPEAT_SECONDS,
    externalUrl: `http://${settings.MONITOR_HOST}:${port}`,
  };
}
