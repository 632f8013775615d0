import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../core/http/free-port.js';
import { compiledPath } from '../../core/package-path.js';
import { type EmbeddedServer, startEmbeddedPostgres } from '../../core/postgres/embedded.js';
import { migrate } from '../../core/postgres/migrate.js';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { createRandom } from '../../core/random.js';
import { plumbline } from '../helpers/stack.js';
import { until } from '../helpers/until.js';
import { flowers, promote } from '../service/models.js';

const CLIENTS = 8;

let home: string;
let postgresPort: number;
let servicePort: number;
let server: EmbeddedServer;
let pool: Pool;
let service: ChildProcess | undefined;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'plumbline-crash-'));
  await chmod(home, 0o755);
  [postgresPort, servicePort] = [await freePort(), await freePort()];
  server = await startPostgres();
  pool = createPool({ connectionString: server.url, applicationName: 'test', onError: () => undefined });
  await migrate(pool);
  await promote(pool, await flowers());
});
afterAll(async () => {
  service?.kill('SIGKILL');
  await pool.end();
  await server.stop();
  await rm(home, { recursive: true, force: true });
});

function startPostgres(): Promise<EmbeddedServer> {
  // What is killed loses nothing that the kernel has: no need to wait for the disk.
  const settings = ['fsync=off'];
  return startEmbeddedPostgres({ dataFolder: join(home, 'postgres'), port: postgresPort, password: 'test', settings });
}

/** Kills Postgres as a failure would; its other processes end by themselves. */
async function killPostgres(): Promise<void> {
  const pid = Number((await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  process.kill(pid, 'SIGKILL');
}

/** Starts Postgres again; it refuses as long as a process of the killed one is left. */
async function restartPostgres(): Promise<void> {
  server = await until('Postgres to start', () => startPostgres(), 30_000);
}

async function startService(): Promise<void> {
  service = spawn(process.execPath, [compiledPath('service/main.js')], {
    env: {
      ...process.env,
      DATABASE_URL: server.url,
      SERVICE_PORT: String(servicePort),
      SERVICE_SPOOL_FOLDER: join(home, 'spool'),
      LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ready = () => fetch(`http://127.0.0.1:${servicePort}/v2/health/ready`).then((response) => response.ok);
  await until('the service to be ready', ready);
}

async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const ended = once(service!, 'exit');
  service!.kill(signal);
  await ended;
}

/** Clients that ask for predictions without pause, across deaths of the service, and keep what was acknowledged. */
function startLoad() {
  const acknowledged: string[] = [];
  const statuses = new Set<number>();
  let running = true;
  const client = async (): Promise<void> => {
    const body = JSON.stringify({
      instances: [
        { length: 7, width: 2, depth: 1 },
        { length: 1, width: 1 },
      ],
    });
    while (running) {
      try {
        const response = await fetch(`http://127.0.0.1:${servicePort}/v1/models/flowers/predict`, {
          method: 'POST',
          body,
        });
        const answer = (await response.json()) as { predictions: { id: string }[] };
        statuses.add(response.status);
        if (response.status === 200) acknowledged.push(...answer.predictions.map(({ id }) => id));
        else await delay(10);
      } catch {
        await delay(10);
      }
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  return {
    acknowledged,
    statuses,
    stop: async () => {
      running = false;
      await clients;
    },
  };
}

/** Every acknowledged id is stored exactly once, batches hold what they claim, and the check finds nothing missing. */
async function assertKept(acknowledged: string[], unanswered: number): Promise<void> {
  const metrics = () => fetch(`http://127.0.0.1:${servicePort}/metrics`).then((response) => response.text());
  await until('the spool to be empty', async () => /^capture_spooled_rows 0$/m.test(await metrics()), 30_000);
  const count = async (): Promise<number> => {
    const { rows } = await pool.query(
      'select count(*)::int as n from predictions where prediction_id = any($1::uuid[])',
      [acknowledged],
    );
    return rows[0].n;
  };
  await until('every acknowledged id to be stored', async () => (await count()) >= acknowledged.length);
  expect(await count()).toBe(new Set(acknowledged).size);
  const { rows } = await pool.query(
    `select (select count(*)::int from predictions) as rows, (select count(distinct prediction_id)::int from predictions) as ids,
            (select sum(row_count)::int from capture_batches) as batches`,
  );
  expect(rows[0]).toEqual({ rows: rows[0].rows, ids: rows[0].rows, batches: rows[0].rows });
  total += acknowledged.length;
  // A client that was cut off may have had its row written, and never heard of it.
  extra += unanswered;
  expect(rows[0].rows - total).toBeGreaterThanOrEqual(0);
  expect(rows[0].rows - total).toBeLessThanOrEqual(extra);
  const check = plumbline(['capture', 'check', '--spool', join(home, 'spool')], {
    ...process.env,
    DATABASE_URL: server.url,
  });
  expect(await check.ended, check.output()).toBe(0);
  expect(check.output()).toContain(`accepted ${rows[0].rows} = stored ${rows[0].rows} + spooled 0 + missing 0`);
}
let total = 0;
let extra = 0;

test('the service killed at twenty random moments under load', async () => {
  const random = createRandom(20);
  const load = startLoad();
  const kills = 20;
  for (let kill = 0; kill < kills; kill++) {
    await startService();
    const before = load.acknowledged.length;
    await until('answers', () => load.acknowledged.length > before);
    await delay(random.next() * 300);
    await end('SIGKILL');
  }
  await startService();
  await load.stop();
  expect(load.acknowledged.length).toBeGreaterThan(kills * 10);
  await assertKept(load.acknowledged, kills * CLIENTS * 2);
});

test('Postgres killed under load, and started again', async () => {
  const load = startLoad();
  for (let kill = 0; kill < 3; kill++) {
    const before = load.acknowledged.length;
    await until('answers', () => load.acknowledged.length > before + 200);
    await killPostgres();
    const during = load.acknowledged.length;
    await until('answers without Postgres', () => load.acknowledged.length > during + 200);
    await restartPostgres();
  }
  await load.stop();
  expect([...load.statuses]).toEqual([200]);
  await assertKept(load.acknowledged, 0);
});

test('Postgres stopped for ten seconds, and back', async () => {
  const load = startLoad();
  await until('answers', () => load.acknowledged.length > 200);
  await server.stop();
  const during = load.acknowledged.length;
  await delay(10_000);
  expect(load.acknowledged.length).toBeGreaterThan(during + 1_000);
  await restartPostgres();
  await load.stop();
  expect([...load.statuses]).toEqual([200]);
  await assertKept(load.acknowledged, 0);
});

test('both killed', async () => {
  const load = startLoad();
  await until('answers', () => load.acknowledged.length > 200);
  await killPostgres();
  const during = load.acknowledged.length;
  await until('answers without Postgres', () => load.acknowledged.length > during + 200);
  await end('SIGKILL');
  await load.stop();
  await restartPostgres();
  await startService();
  await assertKept(load.acknowledged, CLIENTS * 2);
});

test('a service that is told to end while Postgres is away leaves its rows for the next one', async () => {
  const load = startLoad();
  await until('answers', () => load.acknowledged.length > 200);
  await killPostgres();
  const during = load.acknowledged.length;
  await until('answers without Postgres', () => load.acknowledged.length > during + 200);
  await load.stop();
  await end('SIGTERM');
  expect(service!.exitCode).toBe(0);
  await restartPostgres();
  await startService();
  await assertKept(load.acknowledged, 0);
  await end('SIGTERM');
});
