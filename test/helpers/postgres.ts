import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../core/http/free-port.js';
import { startEmbeddedPostgres } from '../../core/postgres/embedded.js';
import { migrate } from '../../core/postgres/migrate.js';
import { createPool, type Pool } from '../../core/postgres/pool.js';

const TEMPLATE = 'plumbline_template';

/** Starts one server for the run and migrates a template that each test file copies. */
export async function startTestPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const parent = await mkdtemp(join(tmpdir(), 'plumbline-test-'));
  const { chmod } = await import('node:fs/promises');
  await chmod(parent, 0o755);
  const server = await startEmbeddedPostgres({
    dataFolder: join(parent, 'postgres'),
    port: await freePort(),
    password: randomBytes(12).toString('hex'),
    settings: ['max_connections=300', 'fsync=off'],
  });
  const admin = new pg.Client(server.url);
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  const pool = createPool({
    connectionString: databaseUrl(server.url, TEMPLATE),
    applicationName: 'template',
    onError: () => undefined,
  });
  await migrate(pool);
  await pool.end();
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await rm(parent, { recursive: true, force: true });
    },
  };
}

/** A fresh, migrated database for one test file (or an empty one). Call `drop` when done. */
export async function createDatabase(
  options: { empty?: boolean } = {},
): Promise<{ url: string; pool: Pool; drop: () => Promise<void> }> {
  const base = process.env.TEST_SERVER_URL;
  if (!base) throw new Error('run the tests with vitest: its global setup starts Postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(base, `create database ${name} template ${options.empty ? 'template0' : TEMPLATE}`);
  const url = databaseUrl(base, name);
  const pool = createPool({ connectionString: url, applicationName: 'test', onError: () => undefined });
  return {
    url,
    pool,
    drop: async () => {
      await pool.end();
      await asAdmin(base, `drop database ${name} with (force)`);
    },
  };
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function databaseUrl(base: string, name: string): string {
  const url = new URL(base);
  url.pathname = `/${name}`;
  return url.toString();
}
