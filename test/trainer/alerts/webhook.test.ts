import { createServer, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pool } from '../../../core/postgres/pool.js';
import { createApp } from '../../../trainer/app.js';
import { createMetrics } from '../../../trainer/metrics.js';
import { createDatabase } from '../../helpers/postgres.js';
import { until } from '../../helpers/until.js';
import { addSmallModel, driftAlert, postAlerts, startTestTrainer, TOKEN, untilRun } from '../harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let trainer: Awaited<ReturnType<typeof startTestTrainer>>;
beforeAll(async () => {
  database = await createDatabase();
  trainer = await startTestTrainer(database.url, { TRAINER_OUTCOME_WAIT_SECONDS: 3600 });
});
afterAll(async () => {
  await trainer.close();
  await database.drop();
});

async function counted(table: string, where = 'true'): Promise<number> {
  const { rows } = await database.pool.query(`select count(*)::int as n from ${table} where ${where}`);
  return rows[0].n;
}

/** Jobs to be done: one that put its run back on the queue leaves its own row, without a key, until the queue has ended it. */
async function jobsOf(name: string): Promise<number> {
  return counted('graphile_worker.jobs', `queue_name = 'model:${name}' and key is not null`);
}

interface Body {
  detail: string;
  runs: { training_run_id: string; created: boolean; state: string }[];
}

async function bodyOf(response: Response): Promise<Body> {
  return (await response.json()) as Body;
}

async function post(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${trainer.url}/v1/alerts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    body,
  });
}

test.each([
  ['a wrong token', 'Bearer another-token-of-length'],
  ['a token of another scheme', `Basic ${TOKEN}`],
  ['the start of the token', `Bearer ${TOKEN.slice(0, -1)}`],
  ['no token', ''],
])('answers 401 to %s and stores nothing', async (_, authorization) => {
  const response = await post(JSON.stringify({ version: '4', alerts: [] }), { authorization });
  expect(response.status).toBe(401);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(await bodyOf(response)).toMatchObject({
    status: 401,
    title: 'Unauthorized',
    code: 'unauthorized',
    detail: expect.stringContaining('TRAINER_WEBHOOK_TOKEN'),
  });
  expect(await counted('alert_deliveries')).toBe(0);
  const runs = await fetch(`${trainer.url}/v1/runs`, { headers: { authorization } });
  expect(runs.status).toBe(401);
});

test.each([
  ['what is not JSON', '{"version": ', 'the body is not JSON'],
  ['an empty body', '', "must have required property 'version'"],
  ['an array', '[]', 'the body must be object'],
  ['a number', '1', 'not an Alertmanager webhook body of version 4: the body must be object'],
  ['null', 'null', 'not an Alertmanager webhook body of version 4: the body must be object'],
  ['a text', '"x"', 'not an Alertmanager webhook body of version 4: the body must be object'],
  ['version 3', '{"version": "3", "alerts": []}', '/version is "3", wanted "4"'],
  ['no alerts', '{"version": "4"}', "the body must have required property 'alerts'"],
  [
    'an alert of an unknown status',
    JSON.stringify({ version: '4', alerts: [{ ...driftAlert('m', 1), status: 'pending' }] }),
    '/alerts/0/status is "pending", wanted "firing" or "resolved"',
  ],
  [
    'a label that is no text',
    JSON.stringify({ version: '4', alerts: [{ ...driftAlert('m', 1), labels: { model_version: 3 } }] }),
    '/alerts/0/labels/model_version must be string',
  ],
  [
    'a start that is no instant',
    JSON.stringify({ version: '4', alerts: [driftAlert('m', 1, { startsAt: 'yesterday' })] }),
    '/alerts/0/startsAt is "yesterday", wanted an instant such as',
  ],
  [
    'a day that is in no calendar',
    JSON.stringify({ version: '4', alerts: [driftAlert('m', 1, { startsAt: '2026-13-41T10:00:00Z' })] }),
    '/alerts/0/startsAt is no date',
  ],
  [
    'a day that Postgres does not know',
    JSON.stringify({ version: '4', alerts: [driftAlert('m', 1, { startsAt: '2026-02-30T10:00:00Z' })] }),
    'it cannot be stored: date/time field value out of range',
  ],
  [
    'a label that is too long to be a name',
    JSON.stringify({ version: '4', alerts: [driftAlert('m'.repeat(257), 1)] }),
    '/alerts/0 names its model in 257 characters, at most 256',
  ],
  [
    'a fingerprint that is too long',
    JSON.stringify({ version: '4', alerts: [driftAlert('m', 1, { fingerprint: 'f'.repeat(257) })] }),
    '/alerts/0/fingerprint must NOT have more than 256 characters',
  ],
  ['5,000 nested arrays', `{"version": ${'['.repeat(5000)}${']'.repeat(5000)}}`, 'nested more than 32 levels deep'],
  ['a NUL character', JSON.stringify({ version: '4', alerts: [driftAlert('m\0', 1)] }), 'NUL'],
  ['half a surrogate pair', JSON.stringify({ version: '4', alerts: [driftAlert('m\ud83d', 1)] }), 'surrogate'],
])('answers 400 to %s, saying what is wrong', async (_, body, detail) => {
  const response = await post(body);
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect((await bodyOf(response)).detail).toContain(detail);
  expect(await counted('alert_deliveries')).toBe(0);
});

test('answers 413 to a body of 10 MB', async () => {
  const response = await post(JSON.stringify({ version: '4', alerts: [], padding: 'x'.repeat(10_000_000) }));
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({
    type: 'urn:plumbline:problem:body_too_large',
    title: STATUS_CODES[413],
    status: 413,
    code: 'body_too_large',
  });
});

test.each([
  ['POST', '/v1/alerts', '{', 400, 'Bad Request', 'malformed_json'],
  ['POST', '/v1/alerts', '{}', 400, 'Bad Request', 'invalid_request'],
  ['GET', '/v1/runs?limit=x', undefined, 400, 'Bad Request', 'invalid_request'],
  ['GET', '/v1/runs/none', undefined, 404, 'Not Found', 'run_not_found'],
  ['GET', `/v1/runs/${'-'.repeat(36)}`, undefined, 404, 'Not Found', 'run_not_found'],
  ['GET', '/v1/runs?model[]=x', undefined, 400, 'Bad Request', 'invalid_request'],
  ['GET', '/v1/runs?model=x&model=y', undefined, 400, 'Bad Request', 'invalid_request'],
  ['GET', '/none', undefined, 404, 'Not Found', 'not_found'],
  ['GET', '/v1/runs/%', undefined, 400, 'Bad Request', 'invalid_request'],
] as const)('names the problem of %s %s with body %s', async (method, path, body, status, title, code) => {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const response = await fetch(`${trainer.url}${path}`, { method, headers, ...(body !== undefined && { body }) });
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(await response.json()).toMatchObject({ type: `urn:plumbline:problem:${code}`, title, status, code });
});

test('answers 415 to an encoding that it does not know', async () => {
  const response = await post('{}', { 'content-encoding': 'compress' });
  expect(response.status).toBe(415);
  expect(await response.json()).toMatchObject({ title: 'Unsupported Media Type', code: 'unsupported_encoding' });
});

test('the same alert posted five times at once makes one run and one job', async () => {
  const version = await addSmallModel(database.pool, 'posted');
  const alert = driftAlert('posted', version);
  const responses = await Promise.all(Array.from({ length: 5 }, () => postAlerts(trainer.url, [alert])));
  expect(responses.map((r) => r.status)).toEqual([202, 202, 202, 202, 202]);
  const runs = (await Promise.all(responses.map(bodyOf))).flatMap((body) => body.runs);
  expect(new Set(runs.map((run) => run.training_run_id)).size).toBe(1);
  expect(runs.filter((run) => run.created)).toHaveLength(1);
  expect(await counted('training_runs', `model_name = 'posted'`)).toBe(1);
  await untilRun(database.pool, 'posted', ['waiting']);
  expect(await jobsOf('posted')).toBe(1);
  expect(await counted('alert_deliveries')).toBe(5);

  const again = await postAlerts(trainer.url, [{ ...alert, startsAt: '2026-03-02T10:00:00Z' }]);
  expect((await bodyOf(again)).runs[0]!.created).toBe(true);
});

test('a resolved alert cancels the run that waits, and takes its job off the queue', async () => {
  const { pool } = database;
  const version = await addSmallModel(pool, 'resolved');
  await postAlerts(trainer.url, [driftAlert('resolved', version)]);
  await untilRun(pool, 'resolved', ['waiting']);
  expect(await jobsOf('resolved')).toBe(1);
  const response = await postAlerts(trainer.url, [driftAlert('resolved', version, { status: 'resolved' })]);
  expect(response.status).toBe(202);
  const run = await untilRun(pool, 'resolved', ['cancelled']);
  expect(run.reason).toBe('the alert was resolved before training began');
  expect(await jobsOf('resolved')).toBe(0);
  const firingAgain = await postAlerts(trainer.url, [driftAlert('resolved', version)]);
  expect((await bodyOf(firingAgain)).runs).toMatchObject([{ state: 'cancelled', created: false }]);
});

test('takes text that only looks like an escape, and any script', async () => {
  const alert = driftAlert('plain', 1, { annotations: { summary: 'C:\\u0000 \\ud83d 🍷 赤' }, fingerprint: 'escape' });
  expect((await postAlerts(trainer.url, [alert])).status).toBe(202);
});

test('a resolved alert that comes before its firing one ends it: the firing one is known then', async () => {
  const response = await postAlerts(trainer.url, [driftAlert('early', 1, { status: 'resolved' })]);
  const { runs } = await bodyOf(response);
  expect(runs).toMatchObject([
    { state: 'cancelled', created: true, reason: 'the alert was resolved before it came as firing' },
  ]);
  const firing = await bodyOf(await postAlerts(trainer.url, [driftAlert('early', 1)]));
  expect(firing.runs).toMatchObject([{ ...runs[0], created: false }]);
  expect(await jobsOf('early')).toBe(0);
});

test.each([
  ['firing first', ['firing', 'resolved']],
  ['resolved first', ['resolved', 'firing']],
  ['firing twice', ['firing', 'firing']],
] as const)('an occurrence that is in a delivery twice, %s, has one run', async (_, statuses) => {
  const name = `twice-${statuses.join('-')}`;
  const response = await postAlerts(
    trainer.url,
    statuses.map((status) => driftAlert(name, 1, { status })),
  );
  const cancelled = statuses.some((status) => status === 'resolved');
  expect((await bodyOf(response)).runs).toMatchObject([{ state: cancelled ? 'cancelled' : 'queued', created: true }]);
  await untilRun(database.pool, name, [cancelled ? 'cancelled' : 'refused']);
  expect(await counted('training_runs', `model_name = '${name}'`)).toBe(1);
  await until('its job to be off the queue', async () => (await jobsOf(name)) === 0);
});

test('records an alert that names no model as refused', async () => {
  const alert = driftAlert('x', 1, { labels: { alertname: 'ServiceDown' }, fingerprint: 'no-model' });
  const response = await postAlerts(trainer.url, [alert]);
  expect((await bodyOf(response)).runs).toMatchObject([
    { state: 'refused', reason: 'the alert has no label "model_name"', model: '' },
  ]);
});

test('refuses the run of a name that no model can have, without a job, and stores the others of its group', async () => {
  const name = 'm'.repeat(129);
  const response = await postAlerts(trainer.url, [driftAlert(name, 1), driftAlert('beside', 1)]);
  expect(response.status).toBe(202);
  expect(await counted('training_runs', `model_name = '${name}' and state = 'refused'`)).toBe(1);
  expect(await counted('training_runs', `model_name = 'beside'`)).toBe(1);
  expect(await jobsOf(name)).toBe(0);
  expect((await untilRun(database.pool, name, ['refused'])).reason).toContain('no model can be named "mmm');
});

test('lists runs of a model, newest first, and shows one with its alert', async () => {
  const get = (path: string): Promise<Response> =>
    fetch(`${trainer.url}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const { runs } = await bodyOf(await get('/v1/runs?model=posted&limit=1'));
  expect(runs).toMatchObject([
    { model: 'posted', alert_name: 'ModelDataDrift', starts_at: '2026-03-02T10:00:00.000Z' },
  ]);
  const detail = await (await get(`/v1/runs/${runs[0]!.training_run_id}`)).json();
  expect(detail).toMatchObject({ ...runs[0], alert: { labels: { model_name: 'posted' } }, log: '' });
  expect(await bodyOf(await get('/v1/runs?model=%00'))).toEqual({ runs: [] });
  expect((await get('/v1/runs?limit=0')).status).toBe(400);
  expect((await get('/v1/runs/0190aaaa-0000-7000-8000-000000000000')).status).toBe(404);
  expect((await get('/v1/runs/nothing')).status).toBe(404);
});

test('says that it is live and ready, and exports its metrics with every label at hand', async () => {
  expect((await fetch(`${trainer.url}/health/live`)).status).toBe(200);
  expect((await fetch(`${trainer.url}/health/ready`)).status).toBe(200);
  const text = await until('no run to be under way', async () => {
    const metrics = await (await fetch(`${trainer.url}/metrics`)).text();
    return metrics.includes('training_active_runs 0') && metrics;
  });
  expect(text).toContain('training_runs_total{state="promoted"} 0');
  expect(text).toMatch(/webhook_requests_total\{outcome="unauthorized"\} 4/);
  expect(text).toMatch(/alerts_received_total\{status="resolved"\} 4/);
  expect(text).toContain('training_run_duration_seconds_count 0');
});

test('answers 503 without the cause when the alert could not be stored', async () => {
  const pool = { connect: () => Promise.reject(new Error('secret host is down')) } as unknown as Pool;
  const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const metrics = createMetrics();
  const server = createServer(createApp({ pool, logger, metrics, token: TOKEN, isWorking: () => false })).listen(0);
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const response = await postAlerts(url, [driftAlert('m', 1)]);
    expect(response.status).toBe(503);
    const text = await response.text();
    expect(text).not.toContain('secret');
    expect(JSON.parse(text)).toMatchObject({ title: 'Service Unavailable', code: 'unavailable' });
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    expect(await metrics.registry.metrics()).toContain('webhook_requests_total{outcome="failed"} 1');
  } finally {
    server.close();
  }
});
