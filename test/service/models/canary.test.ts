import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withTransaction } from '../../../core/postgres/pool.js';
import { beginRollout, loadRollouts, withdrawRollout } from '../../../core/registry/rollouts.js';
import { registerVersion } from '../../../core/registry/versions.js';
import { type Caller, isChosen, STICKY_HEADER } from '../../../service/models/canary.js';
import { createDatabase } from '../../helpers/postgres.js';
import { until } from '../../helpers/until.js';
import { startTestService, type TestService } from '../harness.js';
import { flowers, moveTo, promote } from '../models.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let service: TestService;
beforeAll(async () => {
  database = await createDatabase();
  await promote(database.pool, await flowers(1));
  service = await startTestService(database.url);
  await service.ready();
});
afterAll(async () => {
  await service.close();
  await database.drop();
});

const caller = (key: string | undefined, requestId = randomUUID()): Caller => ({
  request: { headers: { [STICKY_HEADER]: key } },
  requestId,
  source: 'live',
});

test.each([0.01, 0.1, 0.5])('chooses a share of %s of keys, and of requests without a key', (share) => {
  const n = 20_000;
  const canary = { name: 'flowers', version: 2, share };
  for (const of of [(i: number) => caller(`user-${i}`), () => caller(undefined)]) {
    const chosen = Array.from({ length: n }, (_, i) => isChosen(of(i), canary)).filter(Boolean).length;
    // Five standard deviations of a binomial share.
    expect(Math.abs(chosen / n - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / n));
  }
});

test('never chooses rows of a file', () => {
  const canary = { name: 'flowers', version: 2, share: 1 };
  expect(isChosen(caller('user'), canary)).toBe(true);
  expect(isChosen({ ...caller('user'), source: 'batch' }, canary)).toBe(false);
});

test('says the same of a key every time, keeps who was chosen when the share grows, and chooses others for another version', () => {
  const keys = Array.from({ length: 2_000 }, (_, i) => `customer ${i}`);
  const chosen = (version: number, share: number): string[] =>
    keys.filter((key) => isChosen(caller(key), { name: 'flowers', version, share }));
  expect(chosen(2, 0.2)).toEqual(chosen(2, 0.2));
  expect(chosen(2, 0.5)).toEqual(expect.arrayContaining(chosen(2, 0.2)));
  const both = chosen(2, 0.2).filter((key) => chosen(3, 0.2).includes(key));
  expect(both.length).toBeLessThan(0.1 * keys.length);
});

const BODY = JSON.stringify({ instances: [{ length: 5, width: 2.4, depth: 1.5 }] });

async function versionFor(key: string, path = '/v1/models/flowers/predict'): Promise<number> {
  const response = await fetch(`${service.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [STICKY_HEADER]: key },
    body: BODY,
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { model: { version: number } }).model.version;
}

test('a canary answers its share, always the same callers; it leaves when it is withdrawn and when it is promoted', async () => {
  const { pool } = database;
  const to = await registerVersion(pool, await flowers(2));
  const policy = { shadowRows: 0, canaryShare: 0.5, canaryRows: 1_000 };
  const begin = () => {
    const rollout = { modelName: 'flowers', modelVersion: to, championVersion: 1, policy, trainingRunId: null };
    return withTransaction(pool, (client) => beginRollout(client, { ...rollout, reason: 'test', by: 'test' }));
  };
  const keys = Array.from({ length: 40 }, (_, i) => `key ${i}`);
  const ask = async () => Promise.all(keys.map((key) => versionFor(key)));
  await begin();
  await until('the canary to answer somebody', async () => (await ask()).includes(to));
  const first = await ask();
  expect(new Set(first)).toEqual(new Set([1, to]));
  expect(first).toEqual(
    keys.map((key) => (isChosen(caller(key), { name: 'flowers', version: to, share: 0.5 }) ? to : 1)),
  );
  expect(await ask()).toEqual(first);
  const { body } = await service.get('/metrics');
  expect(body).toContain(`model_info{model_name="flowers",model_version="${to}"} 1`);

  const [open] = await loadRollouts(pool, 'flowers');
  await withTransaction(pool, (client) => withdrawRollout(client, open!, 'test', 'enough'));
  await until('the canary to be gone', async () => !(await ask()).includes(to));
  await until(
    'its metrics to be gone',
    async () => !(await service.get('/metrics')).body.includes(`model_version="${to}"`),
  );

  await begin();
  await until('the canary to answer again', async () => (await ask()).includes(to));
  await moveTo(pool, 'flowers', to);
  await until('all to be answered by the new champion', async () => (await ask()).every((version) => version === to));
  expect(await loadRollouts(pool)).toEqual([]);
});
