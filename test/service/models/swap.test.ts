import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeInstances } from '../../../core/inference/batch.js';
import { loadOnnxModel } from '../../../core/inference/onnx-session.js';
import { registerVersion } from '../../../core/registry/versions.js';
import { createServiceMetrics } from '../../../service/metrics/metrics.js';
import { createChampions } from '../../../service/models/champions.js';
import type { ServingModel } from '../../../service/models/serving-model.js';
import { createDatabase } from '../../helpers/postgres.js';
import { until } from '../../helpers/until.js';
import { startTestService, type TestService, untilServing } from '../harness.js';
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

/** A multiple of the six versions, so that the first is the champion in the end. */
const MORE_SWAPS = 24;
const INSTANCES = [1, 2, 4.9, 5.1, 7].map((length) => ({ length, width: 2.4, depth: 1.5 }));

test('swaps champions under load: every answer comes from the version it names, and none fails', {
  timeout: 120_000,
}, async () => {
  const versions = await Promise.all([1, 2, 3].map((seed) => flowers(seed)));
  const expected = await Promise.all(
    versions.map(async ({ onnx, manifest }) => {
      const model = await loadOnnxModel(onnx, manifest);
      const { probabilities } = await model.infer(encodeInstances(manifest, INSTANCES));
      await model.release();
      return Array.from(probabilities!);
    }),
  );
  expect(new Set(expected.map(String)).size).toBe(3);
  let running = true;
  const seen = new Map<number, number>();
  const client = async (): Promise<void> => {
    while (running) {
      const { status, body } = await service.post('/v1/models/flowers/predict', { instances: INSTANCES });
      expect(status).toBe(200);
      const given = body.predictions.flatMap((p: { probabilities: object }) => Object.values(p.probabilities));
      expect(given).toEqual(expected[(body.model.version - 1) % 3]);
      seen.set(body.model.version, (seen.get(body.model.version) ?? 0) + 1);
    }
  };
  const clients = Promise.all(Array.from({ length: 8 }, client));
  const numbers = [1];
  for (const seed of [2, 3, 1, 2, 3]) {
    const number = await promote(database.pool, versions[seed - 1]!);
    await until(`answers of version ${number}`, () => seen.has(number));
    numbers.push(number);
  }
  for (let swap = 1; swap <= MORE_SWAPS; swap++) {
    const number = numbers[(swap * 5) % numbers.length]!;
    const before = seen.get(number)!;
    await moveTo(database.pool, 'flowers', number);
    await until(`answers of version ${number} again`, () => seen.get(number)! > before);
  }
  running = false;
  await clients;
  expect([...seen.keys()].sort()).toEqual(numbers);
  await service.stored();
  const { rows } = await database.pool.query(
    'select model_version as version, count(*)::int / 5 as n from predictions group by 1',
  );
  expect(new Map(rows.map((row) => [row.version, row.n]))).toEqual(seen);
});

test('drops the metrics of versions that have left', async () => {
  const { body } = await service.get('/metrics');
  const lines = body.split('\n').filter((line: string) => line.startsWith('model_info'));
  expect(lines).toEqual(['model_info{model_name="flowers",model_version="1"} 1']);
  expect(body).not.toMatch(/model_version="[2-9]"/);
});

test('keeps the metrics of a version that came back before its last request of before had left', async () => {
  const metrics = createServiceMetrics({ waitingRows: () => 0 });
  const champions = createChampions({ onError: () => undefined });
  const released: number[] = [];
  const load = (version: number) =>
    ({
      name: 'm',
      version,
      metrics: metrics.version('m', version),
      release: async () => void released.push(version),
    }) as unknown as ServingModel;
  champions.swap(load(1));
  const pinned = champions.pin('m');
  champions.swap(load(2));
  champions.swap(load(1));
  expect(released).toEqual([2]);
  expect(champions.pin('m').model).not.toBe(pinned.model);
  pinned.release();
  expect(released).toEqual([2, 1]);
  const text = await metrics.registry.metrics();
  expect(text).toMatch('model_info{model_name="m",model_version="1"} 1');
  expect(text).not.toMatch('model_version="2"');
});

test('keeps the previous version when the new one cannot be loaded, and counts it', async () => {
  const broken = { ...(await flowers(4)), onnx: Buffer.from('not a model') };
  const number = await registerVersion(database.pool, broken);
  await moveTo(database.pool, 'flowers', number);
  await until('the failure to be counted', async () =>
    /model_loads_total\{result="failed"\} [1-9]/.test((await service.get('/metrics')).body),
  );
  const reply = await service.post('/v1/models/flowers/predict', { instances: INSTANCES });
  expect([reply.status, reply.body.model.version]).toEqual([200, 1]);
  await moveTo(database.pool, 'flowers', 2);
  await untilServing(service, 'flowers', 2);
});

test('finds a new champion by polling when no announcement comes', async () => {
  const polling = await startTestService(database.url, { SERVICE_REGISTRY_POLL_SECONDS: '0.1' });
  await polling.ready();
  await database.pool.query(`update model_versions set state = 'retired' where state = 'champion'`);
  await database.pool.query(`update model_versions set state = 'champion' where model_version = 3`);
  await database.pool.query('update models set champion_version = 3');
  await untilServing(polling, 'flowers', 3);
  await database.pool.query('update models set champion_version = null');
  await until('the model to be gone', async () => (await polling.get('/v1/models')).body.models.length === 0);
  expect((await polling.get('/v1/models/flowers')).status).toBe(404);
  await polling.close();
});
