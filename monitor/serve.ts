import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { listenOn } from '../core/http/listen.js';
import { assertSchema } from '../core/postgres/migrate.js';
import { createPool, type Pool } from '../core/postgres/pool.js';
import { watchPools } from '../core/postgres/pool-metrics.js';
import { waitForDatabase } from '../core/postgres/wait.js';
import type { RunningProcess } from '../core/run-process.js';
import { inSpan } from '../core/telemetry/in-span.js';
import type { Logger } from '../core/telemetry/logger.js';
import { collectProcessMetrics } from '../core/telemetry/process-metrics.js';
import type { Started } from '../core/telemetry/run-traced.js';
import type { DirectAlerting } from './alerts/raise.js';
import { createSendAlerts } from './alerts/send.js';
import { createApp } from './app.js';
import type { Access } from './console/access.js';
import { createAttempts } from './console/attempts.js';
import { createMetrics, type Metrics } from './metrics/metrics.js';
import { writeReports } from './reports/write-reports.js';
import { createRetention } from './retention/retention.js';
import { type Monitor, runPass } from './run.js';
import { createRunner, type Runner } from './runner.js';
import { type Schedule, startSchedule } from './schedule.js';
import type { MonitorSettings } from './settings.js';

const ALERT_TIMEOUT_MS = 5_000;
/** Many times what the largest query of a pass takes; a pass that hangs would keep all later ones from starting. */
const QUERY_TIMEOUT_MS = 60_000;

/** One pass and no server. @throws Error when the pass failed, so that the process exits non-zero */
export async function runOnce(started: Started<MonitorSettings>): Promise<RunningProcess> {
  const { settings } = started;
  const { pool, runnerAt } = compose(started);
  try {
    await assertSchema(pool);
    const outcome = await runnerAt(settings.MONITOR_PORT).run();
    if (outcome !== 'success') throw new Error('the run failed; the log lines above say why', { cause: outcome });
  } finally {
    await pool.end();
    await started.tracing.close();
  }
  return { close: async () => undefined };
}

/** Listens, waits for the database, runs a pass at once and then by the schedule. */
export async function serve(started: Started<MonitorSettings>): Promise<RunningProcess> {
  const { settings, logger, tracing, signal } = started;
  const { pool, registry, metrics, runnerAt } = compose(started);
  const server = createServer(
    createApp({
      pool,
      registry,
      logger,
      tracing,
      access: consoleAccess(settings),
      windowRows: settings.MONITOR_WINDOW_ROWS,
      traceUrl: settings.MONITOR_TRACE_URL,
      consoleMoves: settings.MONITOR_CONSOLE_MOVES === 'on',
    }),
  );
  const { MONITOR_HOST: host, MONITOR_PORT, MONITOR_SCHEDULE } = settings;
  const port = await listenOn(server, { host, port: MONITOR_PORT, setting: 'MONITOR_PORT' });
  logger.info({ host, port }, 'listening');
  const runner = runnerAt(port);
  let schedule: Schedule | undefined;
  let reports: Schedule | undefined;
  if (await waitForDatabase(pool, logger, signal)) {
    schedule = startSchedule(MONITOR_SCHEDULE, () => runner.run());
    metrics.run.period.set(schedule.periodSeconds);
    reports = scheduleReports(settings, pool, logger);
    void runner.run();
  }
  return {
    close: async () => {
      await schedule?.stop();
      await reports?.stop();
      await runner.idle();
      server.close();
      server.closeAllConnections();
      await pool.end();
    },
  };
}

function compose({ settings, logger }: Pick<Started<MonitorSettings>, 'settings' | 'logger'>): {
  pool: Pool;
  registry: Registry;
  metrics: Metrics;
  runnerAt: (port: number) => Runner;
} {
  const registry = new Registry();
  collectProcessMetrics(registry);
  const metrics = createMetrics(registry);
  const pool = createPool({
    connectionString: settings.DATABASE_URL,
    applicationName: 'plumbline-monitor',
    queryTimeoutMs: QUERY_TIMEOUT_MS,
    onError: (error) => logger.warn({ err: error }, 'database connection lost'),
  });
  watchPools(registry, { all: pool });
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
    const retention = retentionOf(settings, monitor);
    return createRunner({
      // After the pass: a day is dropped once the rows that came late to it are counted.
      pass: () =>
        inSpan('tick', {}, async () => {
          const failed = await runPass(monitor);
          if (retention) await inSpan('retention', {}, retention);
          return failed;
        }),
      clock,
      logger,
      metrics: metrics.run,
    });
  };
  return { pool, registry, metrics, runnerAt };
}

/** What drops old predictions; nothing where it is not set after how many days. */
function retentionOf(
  { MONITOR_RETENTION_DAYS: retentionDays }: MonitorSettings,
  monitor: Monitor,
): (() => Promise<void>) | undefined {
  const { pool, clock, logger, metrics } = monitor;
  if (retentionDays === undefined) {
    logger.info({}, 'predictions are kept for ever: MONITOR_RETENTION_DAYS is not set');
    return undefined;
  }
  logger.info({ retentionDays }, 'predictions of older days are dropped');
  return createRetention({ pool, clock, logger, metrics: metrics.retention, retentionDays });
}

function consoleAccess({ MONITOR_CONSOLE_TOKEN: token }: MonitorSettings): Access | undefined {
  return token === undefined
    ? undefined
    : { token, attempt: createAttempts({ token, delay }), clock: () => new Date() };
}

/** Writes reports by their own schedule, where a folder is given. */
function scheduleReports(settings: MonitorSettings, pool: Pool, logger: Logger): Schedule | undefined {
  const { MONITOR_REPORT_FOLDER: folder, MONITOR_WINDOW_ROWS: windowRows } = settings;
  if (folder === undefined) return undefined;
  return startSchedule(settings.MONITOR_REPORT_SCHEDULE, () =>
    writeReports({ pool, folder, windowRows, logger, now: new Date() }),
  );
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
