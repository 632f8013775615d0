import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../core/postgres/migrate.js';
import { createDatabase } from '../helpers/postgres.js';
import { until } from '../helpers/until.js';
import { startTestService, type TestService, untilServing } from './harness.js';
import { flowers, houses, promote } from './models.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
  await promote(database.pool, await flowers());
});
afterAll(() => database.drop());

const PREDICT = '/v1/models/flowers/predict';
const FLOWER = { length: 7, width: 2, depth: 1 };
const predict = (service: TestService) => service.post(PREDICT, { instances: [FLOWER] });

/** Forwards connections to Postgres as long as it is open; closing it cuts them all. */
async function createRelay(databaseUrl: string) {
  const { connect } = await import('node:net');
  const target = new URL(databaseUrl);
  const sockets = new Set<import('node:net').Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [a, b] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(a);
      a.pipe(b);
      a.on('error', () => b.destroy());
      a.on('close', () => b.destroy());
    }
  });
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  await listen(0);
  const { port } = server.address() as { port: number };
  const url = new URL(databaseUrl);
  url.port = String(port);
  return {
    url: url.toString(),
    open: () => listen(port),
    close: async () => {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      sockets.clear();
      await closed;
    },
  };
}

test('is live but not ready without Postgres, and serves once it is there', async () => {
  const relay = await createRelay(database.url);
  await relay.close();
  const service = await startTestService(relay.url);
  expect((await service.get('/v2/health/live')).body).toEqual({ live: true });
  const ready = await service.get('/v2/health/ready');
  expect([ready.status, ready.body]).toEqual([503, { ready: false }]);
  const refused = await predict(service);
  expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
    503,
    'model_not_ready',
    '2',
  ]);
  expect((await service.get('/v1/models')).status).toBe(503);
  await relay.open();
  await service.ready();
  expect((await predict(service)).status).toBe(200);
  await service.close();
  await relay.close();
});

test('waits for the migration of an empty database', async () => {
  const empty = await createDatabase({ empty: true });
  const service = await startTestService(empty.url);
  expect((await service.get('/v2/health/ready')).status).toBe(503);
  await migrate(empty.pool);
  await service.ready();
  expect((await service.get('/v1/models')).body).toEqual({ models: [] });
  await service.close();
  await empty.drop();
});

test('refuses with Retry-After while Postgres is away, stores nothing of that, and comes back by itself', async () => {
  const relay = await createRelay(database.url);
  const service = await startTestService(relay.url, { SERVICE_REGISTRY_POLL_SECONDS: '0.2' });
  await service.ready();
  const { rows: before } = await database.pool.query('select count(*)::int as n from predictions');
  expect((await predict(service)).status).toBe(200);
  await relay.close();
  const refused = await predict(service);
  expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([503, 'capture_failed', '2']);
  expect(refused.body.detail).not.toMatch(/ECONN|127\.0\.0\.1/);
  const model = await service.get('/v1/models/flowers');
  expect([model.status, model.body.code]).toEqual([503, 'database_unavailable']);
  // What refuses predictions is not ready to be sent any, and needs no restart.
  const notReady = await until('the service to be no longer ready', async () => {
    const reply = await service.get('/v2/health/ready');
    return reply.status === 503 && reply;
  });
  expect(notReady.body).toEqual({ ready: false });
  expect((await service.get('/v2/health/live')).status).toBe(200);
  await relay.open();
  await service.ready();
  await until('predictions to be answered again', async () => (await predict(service)).status === 200);
  const { rows: after } = await database.pool.query('select count(*)::int as n from predictions');
  expect(after[0].n - before[0].n).toBe(2);
  // The connection that listens is back too.
  await promote(database.pool, await houses());
  await untilServing(service, 'houses', 1);
  await service.close();
  await relay.close();
});

test('survives its connections being terminated under load: what was answered is stored, the rest was refused', async () => {
  const service = await startTestService(database.url);
  await service.ready();
  const answered: string[] = [];
  const statuses = new Set<number>();
  let running = true;
  const client = async (): Promise<void> => {
    while (running) {
      const { status, body } = await predict(service);
      statuses.add(status);
      if (status === 200) answered.push(body.predictions[0].id);
    }
  };
  const clients = Promise.all(Array.from({ length: 8 }, client));
  for (let i = 0; i < 10; i++) {
    const reached = answered.length + 20;
    await until('more answers', () => answered.length > reached);
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name like 'plumbline-service%' and datname = current_database()`,
    );
  }
  const last = answered.length + 20;
  await until('answers after the last cut', () => answered.length > last);
  running = false;
  await clients;
  const { rows } = await database.pool.query(
    'select count(*)::int as n from predictions where prediction_id = any($1)',
    [answered],
  );
  expect(rows[0].n).toBe(answered.length);
  const { rows: totals } = await database.pool.query(
    'select (select sum(row_count)::int from capture_batches) = (select count(*)::int from predictions) as same',
  );
  expect(totals[0].same).toBe(true);
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  await service.close();
});

test('refuses what a commit cannot finish in time', async () => {
  const service = await startTestService(database.url, { SERVICE_COMMIT_TIMEOUT_SECONDS: '0.3' });
  await service.ready();
  const blocker = await database.pool.connect();
  await blocker.query('begin; lock table capture_batches in access exclusive mode');
  const refused = await predict(service);
  expect([refused.status, refused.body.code]).toEqual([503, 'capture_failed']);
  await blocker.query('rollback');
  blocker.release();
  expect((await predict(service)).status).toBe(200);
  await service.close();
});

test('refuses with 503 what does not fit the queue', async () => {
  const service = await startTestService(database.url, { SERVICE_MAX_QUEUED_ROWS: '3' });
  await service.ready();
  const blocker = await database.pool.connect();
  await blocker.query('begin; lock table capture_batches in access exclusive mode');
  const accepted = service.post(PREDICT, { instances: [FLOWER, FLOWER] });
  await until('rows to wait', async () => /capture_waiting_rows 2/.test((await service.get('/metrics')).body));
  const refused = await service.post(PREDICT, { instances: [FLOWER, FLOWER] });
  expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([503, 'overloaded', '1']);
  await blocker.query('rollback');
  blocker.release();
  expect((await accepted).status).toBe(200);
  expect((await service.get('/metrics')).body).toMatch('capture_rows_total{result="refused"} 2');
  await service.close();
});

// They once took every connection, and predictions failed for want of one.
test('answers predictions while many outcomes wait for Postgres, and refuses more outcomes than it holds', async () => {
  const service = await startTestService(database.url, { SERVICE_DATABASE_CONNECTIONS: '4' });
  await service.ready();
  const { id } = (await predict(service)).body.predictions[0];
  const outcome = { prediction_id: id, actual: 'rose', observed_at: '2026-01-31T12:00:00Z' };
  const blocker = await database.pool.connect();
  await blocker.query('begin; lock table outcomes in access exclusive mode');
  const statuses: number[] = [];
  const sent = Array.from({ length: 20 }, async () => {
    const reply = await service.post('/v1/models/flowers/outcomes', { outcomes: [outcome] });
    statuses.push(reply.status);
    return reply;
  });
  // One of two connections runs, eight requests wait.
  await until('the others to be refused', () => statuses.length === 11);
  expect(statuses).toEqual(statuses.map(() => 503));
  for (let i = 0; i < 5; i++) expect((await predict(service)).status).toBe(200);
  expect((await service.get('/v1/models/flowers')).status).toBe(200);
  expect((await service.get('/v2/health/ready')).status).toBe(200);
  await blocker.query('rollback');
  blocker.release();
  const replies = await Promise.all(sent);
  const refused = replies.filter((reply) => reply.status !== 200);
  expect(refused.map(({ body, headers }) => [body.code, headers.get('retry-after')])).toEqual(
    refused.map(() => ['overloaded', '1']),
  );
  expect(replies.length - refused.length).toBe(9);
  await service.close();
});

test('answers what it accepted before it stops', async () => {
  const service = await startTestService(database.url);
  await service.ready();
  const blocker = await database.pool.connect();
  await blocker.query('begin; lock table capture_batches in access exclusive mode');
  const accepted = predict(service);
  await until('the row to wait', async () => /capture_waiting_rows 1/.test((await service.get('/metrics')).body));
  const closed = service.close();
  await blocker.query('rollback');
  blocker.release();
  expect((await accepted).status).toBe(200);
  await closed;
  await expect(service.get('/v2/health/live')).rejects.toThrow();
});

test('names the setting when its port is taken', async () => {
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  const { port } = other.address() as { port: number };
  await expect(startTestService(database.url, { SERVICE_PORT: String(port) })).rejects.toThrow(
    `port ${port} on 127.0.0.1 is taken by another program; stop it, or set SERVICE_PORT to another port`,
  );
  await new Promise((done) => other.close(done));
});

test('lists all wrong settings at once', async () => {
  const start = startTestService(database.url, {
    SERVICE_PORT: 'x',
    SERVICE_MAX_BODY_BYTES: '0',
    SERVICE_SLICE_ROW: '1',
  });
  await expect(start).rejects.toThrow(
    /SERVICE_PORT[\s\S]*SERVICE_MAX_BODY_BYTES|SERVICE_MAX_BODY_BYTES[\s\S]*SERVICE_PORT/,
  );
  await expect(start).rejects.toThrow('did you mean SERVICE_SLICE_ROWS?');
});
