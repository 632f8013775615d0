import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeKey } from '../../../cli/commands/keys.js';
import { addKey, listKeys, revokeKey } from '../../../core/keys/stored.js';
import { createDatabase } from '../../helpers/postgres.js';
import { until } from '../../helpers/until.js';
import { startTestService, type TestService } from '../harness.js';
import { flowers, promote } from '../models.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let service: TestService;
beforeAll(async () => {
  database = await createDatabase();
  await promote(database.pool, await flowers());
  // Polls once an hour: what happens here happens because it is announced.
  service = await startTestService(database.url, { SERVICE_API_KEYS: 'required' });
  await service.ready();
});
afterAll(async () => {
  await service.close();
  await database.drop();
});

const NOW = new Date('2026-01-31T12:00:00Z');
const add = (name: string, expiresAt?: Date): Promise<string> =>
  addKey(database.pool, { name, expiresAt, now: NOW, randomBytes });
const body = { instances: [{ length: 7, width: 2, depth: 1 }] };
const predict = async (key: string): Promise<number> =>
  (await service.post('/v1/models/flowers/predict', body, { 'x-api-key': key })).status;

test('a key is let in once it is added and refused once it is revoked', async () => {
  const refused = await service.post('/v1/models/flowers/predict', body);
  expect(refused.status).toBe(401);
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="plumbline"');
  expect(refused.body).toMatchObject({ code: 'unauthorised', detail: expect.stringContaining('plumbline keys add') });
  const [first, second] = [await add('first'), await add('second')];
  await until('the keys to be known', async () => (await predict(second)) === 200);
  expect(await predict(first)).toBe(200);
  await revokeKey(database.pool, 'first', NOW);
  await until('the key to be refused', async () => (await predict(first)) === 401);
  expect(await predict(second)).toBe(200);
  await expect(add('second')).rejects.toThrow('there is a key "second" already');
  await expect(revokeKey(database.pool, 'first', NOW)).rejects.toThrow('no key "first" is in force');
  // The name is free again.
  await add('first');
});

test('asks for a key where the document says so, and nowhere else', async () => {
  const { body: document } = await service.get('/openapi.json');
  expect(Object.keys(document.components.securitySchemes)).toEqual(['apiKey', 'bearer']);
  const secured: string[] = [];
  for (const [path, operations] of Object.entries(document.paths as Record<string, Record<string, object>>)) {
    const concrete = path.replace('{model}', 'flowers').replace('{version}', '1').replace('{id}', 'unknown');
    for (const [method, operation] of Object.entries(operations)) {
      const { status } = method === 'get' ? await service.get(concrete) : await service.post(concrete, {});
      expect([path, status === 401]).toEqual([path, 'security' in operation]);
      if ('security' in operation) secured.push(path);
    }
  }
  expect(secured).toEqual(
    expect.arrayContaining(['/v1/models/flowers/predict', '/v1/models/flowers/outcomes', '/v1/predictions/{id}']),
  );
  expect(secured.some((path) => path.startsWith('/v2/') && path.endsWith('/infer'))).toBe(true);
});

test('keeps the secret nowhere, and lists what is in force', async () => {
  const key = await add('listed', new Date('2026-02-28T00:00:00Z'));
  const { rows } = await database.pool.query('select to_jsonb(k)::text as row from api_keys k');
  const secret = key.split('_').slice(2).join('_');
  expect(rows.filter(({ row }) => row.includes(secret))).toEqual([]);
  const listed = (await listKeys(database.pool)).filter(({ name }) => name === 'listed');
  const [id] = listed.map(({ keyId }) => keyId);
  const line = (now: string): string => describeKey(listed[0]!, new Date(now));
  expect(line('2026-02-01')).toBe(
    `listed  plk_${id}_…  made 2026-01-31T12:00:00.000Z  in force until 2026-02-28T00:00:00.000Z`,
  );
  expect(line('2026-03-01')).toContain('expired 2026-02-28');
  await expect(add('Ann Smith')).rejects.toThrow('"Ann Smith" is no name for a key');
  await expect(add('late', NOW)).rejects.toThrow('would have expired');
});
