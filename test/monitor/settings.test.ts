import { expect, test } from 'vitest';
import { ProblemsError } from '../../core/problems.js';
import { loadMonitorSettings } from '../../monitor/settings.js';

const least = { DATABASE_URL: 'postgres://localhost/plumbline', MONITOR_ALERT_TOKEN: 'secret' };

test('has a default for everything but the database and the token', () => {
  expect(loadMonitorSettings(least)).toEqual({
    ...least,
    LOG_LEVEL: 'info',
    MONITOR_PORT: 8081,
    MONITOR_HOST: '127.0.0.1',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_SDK_DISABLED: false,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: 1,
    MONITOR_CONSOLE_MOVES: 'on',
    MONITOR_REPORT_SCHEDULE: '0 6 * * *',
    MONITOR_SCHEDULE: '* * * * *',
    MONITOR_BUCKET_SECONDS: 60,
    MONITOR_LATENESS_SECONDS: 5,
    MONITOR_BATCH_ROWS: 200_000,
    MONITOR_ALERTING: 'direct',
    MONITOR_ALERT_URL: 'http://127.0.0.1:8082/v1/alerts',
    MONITOR_ALERT_REPEAT_SECONDS: 14_400,
  });
});

test('needs no token where Prometheus raises the alerts', () => {
  const settings = loadMonitorSettings({ DATABASE_URL: 'postgres://x', MONITOR_ALERTING: 'prometheus' });
  expect(settings.MONITOR_ALERT_TOKEN).toBeUndefined();
});

test('accepts seconds in the schedule, and numbers as text', () => {
  const settings = loadMonitorSettings({ ...least, MONITOR_SCHEDULE: '*/2 * * * * *', MONITOR_WINDOW_ROWS: '300' });
  expect(settings).toMatchObject({ MONITOR_SCHEDULE: '*/2 * * * * *', MONITOR_WINDOW_ROWS: 300 });
});

test.each([
  [{ MONITOR_SCHEDULE: 'hourly' }, 'MONITOR_SCHEDULE  "hourly" is not a cron expression'],
  [{ MONITOR_ALERT_TOKEN: '' }, 'MONITOR_ALERT_TOKEN  is not set'],
  [{ MONITOR_ALERTING: 'email' }, 'MONITOR_ALERTING  "email" is not valid, wanted direct or prometheus'],
  [{ MONITOR_WINDOW_ROWS: '10' }, 'MONITOR_WINDOW_ROWS  "10" is not valid, wanted integer, at least 50'],
  [
    { MONITOR_TRACE_URL: 'javascript:alert(1)//{trace_id}' },
    'MONITOR_TRACE_URL  its value is not valid, wanted string, matching ^https?:',
  ],
  [
    { MONITOR_TRACE_URL: 'https://jaeger/trace/' },
    'MONITOR_TRACE_URL  its value is not valid, wanted string, matching ^https?:',
  ],
  [
    { MONITOR_TRACE_URL: ' https://jaeger/{trace_id}' },
    'MONITOR_TRACE_URL  its value is not valid, wanted string, matching ^https?:',
  ],
  [{ MONITOR_SHEDULE: '* * * * *' }, 'MONITOR_SHEDULE  is not a setting; did you mean MONITOR_SCHEDULE?'],
])('refuses %o', (change, message) => {
  expect(() => loadMonitorSettings({ ...least, ...change })).toThrow(ProblemsError);
  expect(() => loadMonitorSettings({ ...least, ...change })).toThrow(message);
});
