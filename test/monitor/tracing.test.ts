import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compiledPath } from '../../core/package-path.js';
import { createRandom } from '../../core/random.js';
import { type OtlpReceiver, startOtlpReceiver } from '../helpers/otlp-receiver.js';
import { createDatabase } from '../helpers/postgres.js';
import { startWebhook, type Webhook } from './alerts/webhook.js';
import { addChampion, drawRows, NOON, spread, storeBatch, testManifest } from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let receiver: OtlpReceiver;
let webhook: Webhook;
beforeAll(async () => {
  database = await createDatabase();
  receiver = await startOtlpReceiver();
  webhook = await startWebhook();
});
afterAll(async () => {
  await receiver.close();
  await webhook.close();
  await database.drop();
});

test('a pass is one trace: the tick, each model, its queries, and the webhook that is told where it belongs', async () => {
  for (const name of ['drifting', 'quiet']) {
    const version = await addChampion(database.pool, testManifest(name, { confirm: [1, 1] }));
    const rows = drawRows(createRandom(5), 300, name === 'drifting' ? 1 : 0);
    await storeBatch(database.pool, version, { at: spread(NOON, 60, 300), rows });
  }
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: database.url,
    MONITOR_ALERTING: 'direct',
    MONITOR_ALERT_URL: webhook.url,
    MONITOR_ALERT_TOKEN: 'a-token-of-some-length',
    ...receiver.environment,
  };
  const { stdout } = await promisify(execFile)(process.execPath, [compiledPath('monitor/main.js'), '--once'], { env });

  const [tick, ...others] = receiver.spans.filter((span) => span.name === 'tick');
  expect([tick?.service, tick?.parentSpanId, others]).toEqual(['plumbline-monitor', undefined, []]);
  const watches = receiver.spans.filter((span) => span.name === 'watch');
  expect(watches.map((span) => span.attributes['plumbline.model.name'])).toEqual(['drifting', 'quiet']);
  expect(watches.map((span) => span.parentSpanId)).toEqual([tick?.spanId, tick?.spanId]);
  expect(receiver.spans.filter((span) => span.traceId !== tick?.traceId)).toEqual([]);
  for (const { spanId } of watches) {
    const below = receiver.spans.filter((span) => span.parentSpanId === spanId);
    expect(below.some((span) => span.scope === '@opentelemetry/instrumentation-pg')).toBe(true);
  }
  const post = receiver.spans.find((span) => span.scope === '@opentelemetry/instrumentation-undici');
  expect(webhook.received.map(({ traceparent }) => traceparent)).toEqual([`00-${tick?.traceId}-${post?.spanId}-01`]);
  expect(post?.parentSpanId).toBe(watches[0]?.spanId);

  const decided = stdout.split('\n').filter((line) => line.includes('window decided'));
  expect(decided.map((line) => JSON.parse(line).trace_id)).toEqual([tick?.traceId, tick?.traceId]);
});
