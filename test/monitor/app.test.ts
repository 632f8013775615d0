import { createServer } from 'node:http';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenOn } from '../../core/http/listen.js';
import { createPool } from '../../core/postgres/pool.js';
import { createRandom } from '../../core/random.js';
import { createApp } from '../../monitor/app.js';
import { createMetrics } from '../../monitor/metrics/metrics.js';
import { runPass } from '../../monitor/run.js';
import { createDatabase } from '../helpers/postgres.js';
import { addChampion, drawRows, NOON, spread, storeBatch, testManifest, testMonitor } from './fixture.js';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
let database: Awaited<ReturnType<typeof createDatabase>>;
let url: string;
const server = createServer();

beforeAll(async () => {
  database = await createDatabase();
  const registry = new Registry();
  createMetrics(registry);
  server.on('request', createApp({ pool: database.pool, registry, logger: silent }));
  url = `http://127.0.0.1:${await listenOn(server, { host: '127.0.0.1', port: 0, setting: 'MONITOR_PORT' })}`;
  const version = await addChampion(database.pool, testManifest('wine', { confirm: [1, 1] }));
  const sent: unknown[] = [];
  const alerting = { send: async (p: unknown) => void sent.push(p), repeatSeconds: 60, externalUrl: url };
  const { monitor, setTime } = testMonitor(database.pool, { alerting });
  for (const [i, shift] of [0, 1].entries()) {
    const rows = drawRows(createRandom(51), 300, shift);
    await storeBatch(database.pool, version, { at: spread(NOON + i * 60, 60, 300), rows });
  }
  setTime(NOON + 130);
  await runPass(monitor);
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await database.drop();
});

const get = async (path: string, method = 'GET') => {
  const response = await fetch(url + path, { method });
  const { status, headers } = response;
  return { status, type: headers.get('content-type'), allow: headers.get('allow'), text: await response.text() };
};

test('lists windows, newest first, with verdict and reason of each subject', async () => {
  const { status, text } = await get('/v1/models/wine/windows');
  expect(status).toBe(200);
  const { windows } = JSON.parse(text);
  expect(windows.map((w: { verdict: string }) => w.verdict)).toEqual(['drift', 'ok']);
  expect(windows[0]).toMatchObject({
    model_version: 1,
    window_start: '2026-01-15T12:01:00.000Z',
    window_end: '2026-01-15T12:02:00.000Z',
    row_count: 300,
    decided_at: '2026-01-15T12:02:10.000Z',
  });
  expect(windows[0].subjects.map((s: { subject: string }) => s.subject)).toEqual([
    'alcohol',
    'colour',
    'sugar',
    'class',
    'score',
  ]);
  expect(windows[0].subjects[0]).toMatchObject({ kind: 'feature', verdict: 'drift', exceeded: true });
  expect(windows[0].subjects[0].reason).toMatch(/^alcohol: PSI /);
  expect(windows[0].subjects[1].ks_statistic).toBeNull();
});

test('gives as many windows as asked for', async () => {
  const { text } = await get('/v1/models/wine/windows?limit=1');
  expect(JSON.parse(text).windows).toHaveLength(1);
});

test('lists the alerts that it raised', async () => {
  const { text } = await get('/v1/models/wine/alerts');
  expect(JSON.parse(text).alerts).toMatchObject([
    {
      alert_name: 'FeatureDrift',
      model_version: 1,
      status: 'firing',
      starts_at: '2026-01-15T12:02:10.000Z',
      ends_at: null,
      last_sent_at: '2026-01-15T12:02:10.000Z',
    },
  ]);
});

test.each([
  ['/v1/models/beer/windows', 404, 'no model "beer" is registered'],
  ['/v1/models/beer/alerts', 404, 'no model "beer" is registered'],
  ['/v1/models/wine/windows?limit=0', 400, 'limit must be a whole number from 1 to 500, got "0"'],
  ['/v1/models/wine/windows?limit=-1', 400, 'limit must be'],
  ['/v1/models/wine/windows?limit=501', 400, 'limit must be'],
  ['/v1/models/wine/windows?limit=1&limit=2', 400, 'limit must be'],
  ['/v1/models/wine/alerts?limit=x', 400, 'limit must be'],
  ['/v1/models/%E0%A4%A/windows', 400, 'Failed to decode param'],
  ['/elsewhere', 404, 'there is no GET /elsewhere here'],
])('%s is answered %d as a problem', async (path, status, detail) => {
  const answer = await get(path);
  expect(answer.status).toBe(status);
  expect(answer.type).toContain('application/problem+json');
  expect(JSON.parse(answer.text)).toMatchObject({ status, detail: expect.stringContaining(detail) });
});

test.each([
  ['POST', '/v1/models/wine/windows'],
  ['DELETE', '/v1/models/wine/alerts'],
  ['PUT', '/metrics'],
  ['POST', '/health/ready'],
])('%s %s is answered 405 as a problem that says what is allowed', async (method, path) => {
  const { status, type, allow, text } = await get(path, method);
  expect([status, allow]).toEqual([405, 'GET, HEAD']);
  expect(type).toContain('application/problem+json');
  expect(JSON.parse(text)).toEqual({
    ...{ type: 'about:blank', title: 'Method Not Allowed', status: 405 },
    detail: `${path} is only read: ask with GET, not ${method}`,
  });
});

test('serves metrics in the Prometheus text format', async () => {
  const { type, text } = await get('/metrics');
  expect(type).toContain('text/plain; version=0.0.4');
  expect(text).toContain('monitor_runs_total{outcome="success"} 0\n');
});

test('is live always, and ready while Postgres answers', async () => {
  expect((await get('/health/live')).status).toBe(200);
  expect((await get('/health/ready')).status).toBe(200);
});

test('without Postgres is live, not ready, and keeps the reason to its log', async () => {
  const pool = createPool({
    connectionString: 'postgres://nobody@127.0.0.1:9/none',
    applicationName: 'test',
    onError: () => undefined,
  });
  const logged: unknown[] = [];
  const logger = { ...silent, error: (fields: unknown) => void logged.push(fields) };
  const lonely = createServer(createApp({ pool, registry: new Registry(), logger }));
  const port = await listenOn(lonely, { host: '127.0.0.1', port: 0, setting: 'MONITOR_PORT' });
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  expect(await status('/health/live')).toBe(200);
  expect(await status('/health/ready')).toBe(503);
  const response = await fetch(`http://127.0.0.1:${port}/v1/models/wine/windows`);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(await response.json()).toEqual({
    ...{ type: 'about:blank', title: 'Service Unavailable', status: 503 },
    detail: 'the database does not answer now; ask again when /health/ready says ready',
  });
  expect(logged).toMatchObject([{ route: '/v1/models/:model/windows' }]);
  lonely.closeAllConnections();
  lonely.close();
  await pool.end();
});

test('a fault of its own is a 500 whose reason only the log has', async () => {
  const logged: unknown[] = [];
  const logger = { ...silent, error: (fields: unknown) => void logged.push(fields) };
  const pool = createPool({ connectionString: database.url, applicationName: 'test', onError: () => undefined });
  const faulty = { ...pool, query: () => Promise.reject(new Error('column "secret" does not exist')) };
  const app = createApp({ pool: faulty as unknown as typeof pool, registry: new Registry(), logger });
  const own = createServer(app);
  const port = await listenOn(own, { host: '127.0.0.1', port: 0, setting: 'MONITOR_PORT' });
  const response = await fetch(`http://127.0.0.1:${port}/v1/models/wine/windows`);
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('secret');
  expect(logged).toMatchObject([{ route: '/v1/models/:model/windows' }]);
  own.closeAllConnections();
  own.close();
  await pool.end();
});

test('windows of another name or segment are asked for by name; what is no text is refused', async () => {
  const none = await get('/v1/models/wine/windows?window=day&segment=colour%3Dred');
  expect([none.status, JSON.parse(none.text)]).toEqual([200, { windows: [] }]);
  const [own] = JSON.parse((await get('/v1/models/wine/windows?window=default')).text).windows;
  expect(own).toMatchObject({ window_name: 'default', segment: null });
  for (const query of ['window=a&window=b', 'segment=%00']) {
    expect((await get(`/v1/models/wine/windows?${query}`)).status, query).toBe(400);
  }
});
