import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import type { ModelVersion } from '../../../core/registry/versions.js';
import { createSendAlerts } from '../../../monitor/alerts/send.js';
import { runPass } from '../../../monitor/run.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addChampion, drawRows, NOON, spread, storeBatch, testManifest, testMonitor } from '../fixture.js';
import { startWebhook, type Webhook } from './webhook.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let webhook: Webhook;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('truncate models, alerts, capture_batches, summaries, drift_windows cascade');
  webhook = await startWebhook();
});
afterEach(() => webhook.close());

const REPEAT_SECONDS = 600;

/** A model whose windows are single minutes of 300 rows, watched by a monitor that posts to the webhook. */
async function watch(name: string, url = webhook.url) {
  const version = await addChampion(database.pool, testManifest(name, { confirm: [1, 1] }));
  const send = createSendAlerts({ url, token: 'the token', timeoutMs: 2_000 });
  const alerting = { send, repeatSeconds: REPEAT_SECONDS, externalUrl: 'http://monitor:8081' };
  const { monitor, registry, setTime } = testMonitor(database.pool, { alerting });
  const random = createRandom(31);
  return {
    version,
    registry,
    /** Plays one minute of traffic, shifted or not, and runs a pass after it. */
    minute: async (i: number, shift: number, of: ModelVersion = version) => {
      const rows = drawRows(random, 300, shift);
      await storeBatch(database.pool, of, { at: spread(NOON + i * 60, 60, 300), rows });
      setTime(NOON + (i + 1) * 60 + 6);
      expect(await runPass(monitor)).toEqual([]);
    },
    pass: async (seconds: number) => {
      setTime(seconds);
      expect(await runPass(monitor)).toEqual([]);
    },
  };
}

const statuses = () => webhook.received.map(({ payload }) => payload.status);

test('is posted once when it begins, as Alertmanager would post it, with the token', async () => {
  const { minute } = await watch('posted');
  await minute(0, 0);
  expect(webhook.received).toEqual([]);
  await minute(1, 1);
  await minute(2, 1);
  expect(webhook.received).toHaveLength(1);
  const { payload, authorization, contentType } = webhook.received[0]!;
  expect([authorization, contentType]).toEqual(['Bearer the token', 'application/json']);
  const labels = { alertname: 'FeatureDrift', model_name: 'posted', model_version: '1', severity: 'warning' };
  expect(payload).toMatchObject({
    version: '4',
    groupKey: '{}:{model_name="posted"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'trainer',
    groupLabels: { model_name: 'posted' },
    commonLabels: labels,
    externalURL: 'http://monitor:8081',
  });
  expect(payload.alerts).toHaveLength(1);
  const [alert] = payload.alerts;
  expect(alert).toMatchObject({
    status: 'firing',
    labels,
    startsAt: new Date((NOON + 126) * 1_000).toISOString(),
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://monitor:8081/v1/models/posted/windows',
  });
  expect(alert!.labels).toEqual(labels);
  expect(alert!.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(alert!.annotations.summary).toBe('Features of posted version 1 have drifted from its reference');
  expect(alert!.annotations.description).toMatch(
    /^alcohol: ks statistic 0\.\d{3} \(threshold 0\.100\), (out of range ratio 0\.\d{3} \(threshold 0\.020\), )?psi \d\.\d{3} \(threshold 0\.100\)\.$/,
  );
});

test('is repeated while it fires, as the same occurrence', async () => {
  const { minute, pass } = await watch('repeated');
  await minute(0, 1);
  await pass(NOON + 66 + REPEAT_SECONDS - 1);
  expect(webhook.received).toHaveLength(1);
  await pass(NOON + 66 + REPEAT_SECONDS);
  expect(statuses()).toEqual(['firing', 'firing']);
  const [first, second] = webhook.received.map(({ payload }) => payload.alerts[0]!);
  expect([second!.fingerprint, second!.startsAt]).toEqual([first!.fingerprint, first!.startsAt]);
});

test('is resolved once when the verdict clears, and a later drift is an occurrence of its own', async () => {
  const { minute } = await watch('resolved');
  await minute(0, 1);
  await minute(1, 0);
  await minute(2, 0);
  await minute(3, 1);
  expect(statuses()).toEqual(['firing', 'resolved', 'firing']);
  const [first, resolved, again] = webhook.received.map(({ payload }) => payload.alerts[0]!);
  expect(resolved).toMatchObject({ fingerprint: first!.fingerprint, startsAt: first!.startsAt });
  expect(resolved!.endsAt).toBe(new Date((NOON + 126) * 1_000).toISOString());
  expect(again!.fingerprint).toBe(first!.fingerprint);
  expect(again!.startsAt).toBe(new Date((NOON + 246) * 1_000).toISOString());
});

test('is resolved when another version becomes the champion', async () => {
  const { minute, pass } = await watch('replaced');
  await minute(0, 1);
  await addChampion(database.pool, testManifest('replaced'));
  await pass(NOON + 70);
  expect(statuses()).toEqual(['firing', 'resolved']);
  expect(webhook.received[1]!.payload.alerts[0]!.labels.model_version).toBe('1');
});

test('a delivery that fails does not fail the pass, is counted, and is tried again by the next with its first startsAt', async () => {
  const { minute, pass, registry } = await watch('retried');
  webhook.status = 500;
  await minute(0, 1);
  webhook.status = 202;
  await pass(NOON + 70);
  await pass(NOON + 80);
  expect(webhook.received).toHaveLength(2);
  const [failed, delivered] = webhook.received.map(({ payload }) => payload.alerts[0]!);
  expect(delivered).toEqual(failed);
  const text = await registry.metrics();
  expect(text).toContain('monitor_alert_deliveries_total{outcome="delivered"} 1\n');
  expect(text).toContain('monitor_alert_deliveries_total{outcome="failed"} 1\n');
});

test('an end that could not be delivered is tried again, then forgotten', async () => {
  const { minute, pass } = await watch('end-retried');
  await minute(0, 1);
  webhook.status = 503;
  await minute(1, 0);
  webhook.status = 200;
  await pass(NOON + 130);
  await pass(NOON + 140);
  expect(statuses()).toEqual(['firing', 'resolved', 'resolved']);
});

test('a webhook that nobody listens on fails the delivery only', async () => {
  const { minute, registry } = await watch('nobody', 'http://127.0.0.1:9/v1/alerts');
  await minute(0, 1);
  expect(await registry.metrics()).toContain('monitor_alert_deliveries_total{outcome="failed"} 1\n');
});

test('features and predictions are two alerts of one notification', async () => {
  const { version, pass } = await watch('both');
  const rows = drawRows(createRandom(32), 300, 1).map((row) => ({ ...row, score: row.score ** 3 }));
  await storeBatch(database.pool, version, { at: spread(NOON, 60, 300), rows });
  await pass(NOON + 66);
  expect(webhook.received).toHaveLength(1);
  const { alerts, commonLabels } = webhook.received[0]!.payload;
  expect(alerts.map((alert) => alert.labels.alertname)).toEqual(['FeatureDrift', 'PredictionDrift']);
  expect(commonLabels).toEqual({ model_name: 'both', model_version: '1', severity: 'warning' });
});
