import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerVersion } from '../../../core/registry/versions.js';
import { createDatabase } from '../../helpers/postgres.js';
import { until } from '../../helpers/until.js';
import { startTestService, type TestService, untilServing } from '../harness.js';
import { flowers, moveTo } from '../models.js';
import { FLOWERS, startV2Service } from './harness.js';

let running: Awaited<ReturnType<typeof startV2Service>>;
let service: TestService;
beforeAll(async () => {
  running = await startV2Service();
  service = running.service;
});
afterAll(() => running.close());

test('indexes the versions of the registry, follows a promotion, and answers the champion only', async () => {
  await registerVersion(running.pool, await flowers(2));
  const ready = (name: string, version: string) => ({ name, version, state: 'READY', reason: '' });
  const index = async (body: object): Promise<unknown> => (await service.post('/v2/repository/index', body)).body;
  expect(await index({ ready: true })).toEqual([ready('flowers', '1'), ready('houses', '1')]);
  const candidate = {
    name: 'flowers',
    version: '2',
    state: 'UNAVAILABLE',
    reason: 'candidate; only the champion answers',
  };
  expect(await index({})).toEqual([ready('flowers', '1'), candidate, ready('houses', '1')]);
  await moveTo(running.pool, 'flowers', 2);
  await untilServing(service, 'flowers', 2);
  expect((await service.get('/v2/models/flowers')).body.versions).toEqual(['2']);
  const retired = { name: 'flowers', version: '1', state: 'UNAVAILABLE', reason: 'retired; only the champion answers' };
  const empty = await fetch(`${service.url}/v2/repository/index`, { method: 'POST' });
  expect(await empty.json()).toEqual([retired, ready('flowers', '2'), ready('houses', '1')]);
  expect((await service.post('/v2/models/flowers/versions/1/infer', { inputs: [FLOWERS] })).status).toBe(404);
  const answer = await service.post('/v2/models/flowers/versions/2/infer', { inputs: [FLOWERS] });
  expect([answer.status, answer.body.model_version]).toEqual([200, '2']);
  expect((await service.post('/v2/repository/index', { ready: 1 })).body.error).toMatch('parameters.ready is a number');
  expect((await service.post('/v2/repository/index', '[]')).status).toBe(400);
});

test('says that a model is loaded, and that unloading is not for clients', async () => {
  const load = await service.post('/v2/repository/models/houses/load', {});
  expect([load.status, load.body]).toEqual([200, { name: 'houses', load: true }]);
  const unload = await service.post('/v2/repository/models/houses/unload', {});
  expect(unload.status).toBe(400);
  expect(unload.body.error).toMatch('model "houses" cannot be unloaded: what is served follows the registry');
  expect((await service.get('/v2/models/houses/ready')).status).toBe(200);
  for (const verb of ['load', 'unload']) {
    expect((await service.post(`/v2/repository/models/oaks/${verb}`, {})).status).toBe(404);
  }
});

test('is live and answers 503 with Retry-After while it has no models yet', async () => {
  const empty = await createDatabase({ empty: true });
  const starting = await startTestService(empty.url);
  expect((await starting.get('/v2/health/live')).body).toEqual({ live: true });
  const ready = await starting.get('/v2/health/ready');
  expect([ready.status, ready.body]).toEqual([503, { ready: false }]);
  for (const reply of [
    await starting.get('/v2/models'),
    await starting.get('/v2/models/flowers'),
    await starting.get('/v2/models/flowers/ready'),
    await starting.get('/v2/models/flowers/versions/1/ready'),
    await starting.post('/v2/models/flowers/infer', { inputs: [FLOWERS] }),
    await starting.post('/v2/repository/models/flowers/load', {}),
  ]) {
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '2']);
    expect(reply.body).toEqual({ error: 'the models are not loaded yet; try again a little later' });
  }
  await starting.close();
  await empty.drop();
});

test('answers 503 with Retry-After while the spool is full', async () => {
  const full = await startTestService(running.pool.options.connectionString!, { SERVICE_SPOOL_MAX_BYTES: '65536' });
  await full.ready();
  const blocker = await running.pool.connect();
  await blocker.query('begin; lock table capture_batches in access exclusive mode');
  const infer = () => full.post('/v2/models/flowers/infer', { inputs: [FLOWERS] });
  const refused = await until('the spool to be full', async () => {
    const reply = await infer();
    return reply.status !== 200 && reply;
  });
  expect([refused.status, refused.body]).toEqual([503, { error: expect.stringMatching('wait to be stored already') }]);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  await blocker.query('rollback');
  blocker.release();
  await full.stored();
  await until('rows to be taken again', async () => (await infer()).status === 200);
  await full.close();
});
