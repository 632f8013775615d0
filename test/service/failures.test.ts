import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../core/http/free-port.js';
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
  // Not one of those that outgoing connections are given: it is let go and taken again.
  const port = await freePort();
  await listen(port);
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

test('goes on answering while Postgres is away, and stores all of it when it is back', async () => {
  const relay = await createRelay(database.url);
  const service = await startTestService(relay.url, { SERVICE_REGISTRY_POLL_SECONDS: '0.2' });
  await service.ready();
  expect((await predict(service)).status).toBe(200);
  await service.stored();
  const { rows: before } = await database.pool.query('select count(*)::int as n from predictions');
  await relay.close();
  const replies = await Promise.all(Array.from({ length: 20 }, () => predict(service)));
  expect(replies.map((reply) => reply.status)).toEqual(Array(20).fill(200));
  const model = await service.get('/v1/models/flowers');
  expect([model.status, model.body.code]).toEqual([503, 'database_unavailable']);
  // Postgres being away does not keep predictions from being answered, so the service stays ready.
  expect((await service.get('/v2/health/ready')).status).toBe(200);
  const metrics = (await service.get('/metrics')).body;
  expect(metrics).toMatch(/^capture_spooled_rows 20$/m);
  expect(metrics).toMatch(/^capture_oldest_record_age_seconds 0?\.?[0-9]+/m);
  await relay.open();
  await service.stored();
  const { rows: after } = await database.pool.query('select count(*)::int as n from predictions');
  expect(after[0].n - before[0].n).toBe(20);
  // The connection that listens is back too.
  await promote(database.pool, await houses());
  await untilServing(service, 'houses', 1);
  await service.close();
  await relay.close();
});

test('survives its connections being terminated under load: everything is answered, and stored once', async () => {
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
  await service.stored();
  const { rows } = await database.pool.query(
    'select count(*)::int as n from predictions where prediction_id = any($1)',
    [answered],
  );
  expect(rows[0].n).toBe(answered.length);
  const { rows: totals } = await database.pool.query(
    'select (select sum(row_count)::int from capture_batches) = (select count(*)::int from predictions) as same',
  );
  expect(totals[0].same).toBe(true);
  expect([...statuses]).toEqual([200]);
  await service.close();
});

test('gives up a commit that takes too long, goes on answering, and stores once in the end', async () => {
  const service = await startTestService(database.url, { SERVICE_COMMIT_TIMEOUT_SECONDS: '0.2' });
  await service.ready();
  const blocker = await database.pool.connect();
  await blocker.query('begin; lock table capture_batches in access exclusive mode');
  const { body } = await predict(service);
  const waiting = () =>
    database.pool.query(
      `select 1 from pg_stat_activity where application_name = 'plumbline-service-capture' and wait_event_type = 'Lock'
          and datname = current_database()`,
    );
  await until('a commit to be given up and another tried', async () => ((await waiting()).rowCount ?? 0) >= 2);
  expect((await predict(service)).status).toBe(200);
  await blocker.query('rollback');
  blocker.release();
  await service.stored();
  const { rows } = await database.pool.query('select count(*)::int as n from predictions where prediction_id = $1', [
    body.predictions[0].id,
  ]);
  expect(rows[0].n).toBe(1);
  await service.close();
});

const MANY = Array.from({ length: 4_000 }, () => FLOWER);

test('refuses with 503 what does not fit the queue', async () => {
  const service = await startTestService(database.url, { SERVICE_MAX_QUEUED_ROWS: '3' });
  await service.ready();
  const replies = await Promise.all(Array.from({ length: 4 }, () => service.post(PREDICT, { instances: MANY })));
  const refused = replies.filter((reply) => reply.status !== 200);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(4);
  for (const { status, body, headers } of refused) {
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'overloaded', '1']);
  }
  const { body: metrics } = await service.get('/metrics');
  expect(metrics).toMatch(`capture_rows_total{result="refused"} ${refused.length * MANY.length}`);
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

test('answers what it accepted before it stops, and stores it', async () => {
  // A request that has not been read when the end begins is taken too.
  const service = await startTestService(database.url, { SERVICE_LAME_DUCK_MS: '1000' });
  await service.ready();
  const instances = MANY.slice(0, 1_000);
  const accepted = Promise.all(Array.from({ length: 10 }, () => service.post(PREDICT, { instances })));
  await until('rows to wait', async () => /inference_queue_rows [1-9]/.test((await service.get('/metrics')).body));
  await service.close();
  const replies = await accepted;
  expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(200));
  const ids = replies.flatMap(({ body }) => body.predictions.map((p: { id: string }) => p.id));
  const { rows } = await database.pool.query(
    'select count(*)::int as n from predictions where prediction_id = any($1)',
    [ids],
  );
  expect(rows[0].n).toBe(10 * instances.length);
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
