import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ActiveKey, addKey, revokeKey } from '../../../core/keys/stored.js';
import { type Client, withTransaction } from '../../../core/postgres/pool.js';
import { loadSettings } from '../../../core/settings.js';
import { keepKeys } from '../../../service/keys/keep-keys.js';
import { type RunningService, startService } from '../../../service/run.js';
import { serviceSettingsSchema } from '../../../service/settings.js';
import { alone, type Member } from '../../../service/workers/team.js';
import { createDatabase } from '../../helpers/postgres.js';
import { until } from '../../helpers/until.js';
import { silent } from '../harness.js';
import { flowers, promote } from '../models.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let folder: string;
beforeAll(async () => {
  database = await createDatabase();
  folder = await mkdtemp(join(tmpdir(), 'plumbline-spool-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const NOW = new Date('2026-01-31T12:00:00Z');
const lockKeys = (client: Client) => client.query('lock table api_keys in access exclusive mode');

test('a query that hangs is given up and asked again, so that a revoked key does not live on', async () => {
  const ending = new AbortController();
  let known: ActiveKey[] | undefined;
  const failed: unknown[] = [];
  const kept = keepKeys({
    connectionString: database.url,
    keys: {
      isReady: () => known !== undefined,
      assertKey: () => undefined,
      set: (keys) => {
        known = keys;
      },
    },
    pollMs: 25,
    queryTimeoutMs: 100,
    logger: { ...silent, warn: ({ err }: { err?: { code?: string } }) => failed.push(err?.code) } as typeof silent,
    signal: ending.signal,
    onKnown: () => undefined,
  });
  await addKey(database.pool, { name: 'first', expiresAt: undefined, now: NOW, randomBytes });
  await until('the key to be known', () => known?.length === 1);
  await withTransaction(database.pool, async (client) => {
    await lockKeys(client);
    await until('two queries to be given up', () => failed.filter((code) => code === '57014').length >= 2);
  });
  await revokeKey(database.pool, 'first', NOW);
  await until('the key to be gone', () => known?.length === 0);
  ending.abort();
  await kept;
  await until('its connections to be closed', async () => {
    const { rows } = await database.pool.query(
      `select from pg_stat_activity where application_name = 'plumbline-service-keys' and datname = current_database()`,
    );
    return rows.length === 0;
  });
});

test('a worker takes the place of another once it has models and keys, not before', async () => {
  const { pool, url } = database;
  await promote(pool, await flowers());
  const environment = {
    DATABASE_URL: url,
    SERVICE_PORT: '0',
    SERVICE_API_KEYS: 'required',
    SERVICE_REGISTRY_POLL_SECONDS: '1',
    SERVICE_SPOOL_FOLDER: folder,
    SERVICE_LAME_DUCK_MS: '0',
  };
  let worker: Member | undefined;
  let readyAtStart: boolean | undefined;
  let starting: Promise<RunningService> | undefined;
  await withTransaction(pool, async (client) => {
    await lockKeys(client);
    starting = startService({
      settings: loadSettings(serviceSettingsSchema, environment, 'SERVICE_'),
      logger: silent,
      join: (member) => {
        worker = member;
        return { ...alone(member), listenWhenReady: true };
      },
    }).then((running) => {
      readyAtStart = worker?.isReady();
      return running;
    });
    await until('the model to be loaded', async () =>
      /^model_loads_total\{result="loaded"\} 1$/m.test((await worker?.metrics.metrics()) ?? ''),
    );
  });
  const running = await starting!;
  expect(readyAtStart).toBe(true);
  await running.close();
});
