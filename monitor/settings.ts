import { type Static, Type } from '@sinclair/typebox';
import { oneOf } from '../core/one-of.js';
import { ProblemsError } from '../core/problems.js';
import { commonSettings, type Environment, listenSettings, loadSettings } from '../core/settings.js';
import { tracingSettings } from '../core/telemetry/settings.js';
import { isCronExpression } from './schedule.js';

/** Settings of the monitor, by the name of their environment variable. */
export const monitorSettings = Type.Object({
  ...commonSettings,
  ...listenSettings('MONITOR', 8081),
  ...tracingSettings(1),
  MONITOR_SCHEDULE: Type.String({
    minLength: 1,
    default: '* * * * *',
    description: 'cron expression of the runs, in UTC; a sixth field in front is seconds',
  }),
  MONITOR_BUCKET_SECONDS: Type.Integer({
    minimum: 1,
    maximum: 86_400,
    default: 60,
    description: 'length of the event-time buckets that rows are counted in; holds for versions without counts yet',
  }),
  MONITOR_LATENESS_SECONDS: Type.Number({
    minimum: 0,
    default: 5,
    description: 'how long after its end a bucket waits for rows before it is taken as complete',
  }),
  MONITOR_WINDOW_ROWS: Type.Optional(
    Type.Integer({
      minimum: 50,
      description: "rows of a window, in place of every manifest's window (for trying things out)",
    }),
  ),
  MONITOR_BATCH_ROWS: Type.Integer({
    minimum: 1,
    default: 200_000,
    description: 'most rows summarised in one transaction',
  }),
  MONITOR_ALERTING: oneOf(['direct', 'prometheus'], {
    default: 'direct',
    description: 'direct: the monitor posts alerts itself; prometheus: rules and Alertmanager do',
  }),
  MONITOR_ALERT_URL: Type.String({
    pattern: '^https?://',
    default: 'http://127.0.0.1:8082/v1/alerts',
    description: 'webhook that alerts are posted to, the trainer by default',
  }),
  MONITOR_ALERT_TOKEN: Type.Optional(
    Type.String({ minLength: 1, description: 'bearer token of the webhook; needed with MONITOR_ALERTING=direct' }),
  ),
  MONITOR_ALERT_REPEAT_SECONDS: Type.Number({
    minimum: 1,
    default: 14_400,
    description: 'how often an alert that still fires is posted again',
  }),
  MONITOR_CONSOLE_TOKEN: Type.Optional(
    Type.String({
      minLength: 16,
      description: 'opens the console and reports, as it is or as a bearer token; closed when not set',
    }),
  ),
  MONITOR_CONSOLE_MOVES: oneOf(['on', 'off'], {
    default: 'on',
    description: 'on: whoever is in the console may promote, roll back, pause and the like there; off: it only shows',
  }),
  MONITOR_TRACE_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s]*\\{trace_id\\}[^\\s]*$',
      description:
        'address of a trace in the web pages of the trace store, with {trace_id} in it; the console leads there where it is set',
    }),
  ),
  MONITOR_RETENTION_DAYS: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 36_500,
      description:
        'whole UTC days of predictions that are kept besides today; older days are dropped; all when not set',
    }),
  ),
  MONITOR_REPORT_FOLDER: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'folder that reports on the newest windows are written to; none when not set',
    }),
  ),
  MONITOR_REPORT_SCHEDULE: Type.String({
    minLength: 1,
    default: '0 6 * * *',
    description: 'cron expression of writing reports, in UTC',
  }),
});

/** The monitor's settings as loaded: frozen. */
export type MonitorSettings = Readonly<Static<typeof monitorSettings>>;

/** Reads them from the environment. @throws ProblemsError with every problem */
export function loadMonitorSettings(environment: Environment = process.env): MonitorSettings {
  const settings = loadSettings(monitorSettings, environment, 'MONITOR_');
  const problems = [];
  for (const where of ['MONITOR_SCHEDULE', 'MONITOR_REPORT_SCHEDULE'] as const) {
    if (isCronExpression(settings[where])) continue;
    const message = `"${settings[where]}" is not a cron expression, such as "* * * * *" for every minute`;
    problems.push({ where, message });
  }
  if (settings.MONITOR_ALERTING === 'direct' && settings.MONITOR_ALERT_TOKEN === undefined) {
    problems.push({
      where: 'MONITOR_ALERT_TOKEN',
      message: "is not set: give the token of the trainer's webhook, or set MONITOR_ALERTING=prometheus",
    });
  }
  if (problems.length > 0) throw new ProblemsError('settings', problems);
  return settings;
}

/** What a backtest needs of the environment: the database only. @throws ProblemsError when it is not named */
export function loadBacktestSettings(environment: Environment = process.env): { readonly DATABASE_URL: string } {
  return loadSettings(Type.Object({ DATABASE_URL: commonSettings.DATABASE_URL }), environment, 'MONITOR_BACKTEST_');
}
