import { Agent } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyAudit } from '../../core/audit/verify.js';
import { encodeInstances } from '../../core/inference/batch.js';
import { loadOnnxModel } from '../../core/inference/onnx-session.js';
import { withTransaction } from '../../core/postgres/pool.js';
import { rollBack } from '../../core/registry/roll-back.js';
import { promoteVersion, registerVersion } from '../../core/registry/versions.js';
import {
  ask,
  countStored,
  createServicePlace,
  type ServicePlace,
  startServiceProcess,
} from '../helpers/service-process.js';
import { until } from '../helpers/until.js';
import { flowers, promote } from '../service/models.js';

let place: ServicePlace;
beforeAll(async () => {
  place = await createServicePlace();
});
afterAll(() => place.remove());

const INSTANCES = [1, 2, 4.9, 5.1, 7].map((length) => ({ length, width: 2.4, depth: 1.5 }));
const ROUNDS = 50;
const CLIENTS = 8;

test('100 promotions and rollbacks under load: no answer fails, each comes whole from the version it names', async () => {
  const versions = await Promise.all([1, 2, 3].map((seed) => flowers(seed)));
  const numbers = [
    await promote(place.pool, versions[0]!),
    await registerVersion(place.pool, versions[1]!),
    await registerVersion(place.pool, versions[2]!),
  ];
  const expected = new Map<number, string>();
  for (const [i, { onnx, manifest }] of versions.entries()) {
    const model = await loadOnnxModel(onnx, manifest);
    const { probabilities } = await model.infer(encodeInstances(manifest, INSTANCES));
    expected.set(numbers[i]!, String(Array.from(probabilities!)));
    await model.release();
  }
  expect(new Set(expected.values()).size).toBe(3);
  const service = await startServiceProcess(place, { SERVICE_WORKERS: '2' });

  const failed: string[] = [];
  const mixed: string[] = [];
  const ids: string[] = [];
  const seen = new Map<number, number>();
  let running = true;
  const body = JSON.stringify({ instances: INSTANCES });
  const client = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (running) {
      try {
        const answer = await ask(service.port, { path: '/v1/models/flowers/predict', method: 'POST', body, agent });
        if (answer.status !== 200) failed.push(`${answer.status} ${answer.body}`);
        else {
          const { predictions, model } = JSON.parse(answer.body);
          const given = predictions.flatMap((p: { probabilities: object }) => Object.values(p.probabilities));
          if (expected.get(model.version) !== String(given)) mixed.push(`version ${model.version}: ${given}`);
          ids.push(...predictions.map((p: { id: string }) => p.id));
          seen.set(model.version, (seen.get(model.version) ?? 0) + 1);
        }
      } catch (error) {
        failed.push(String(error));
      }
    }
    agent.destroy();
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  const untilAnswered = async (version: number): Promise<void> => {
    const before = seen.get(version) ?? 0;
    await until(`answers of version ${version}`, () => (seen.get(version) ?? 0) > before);
  };
  const move = { modelName: 'flowers', decidedBy: 'test', reason: 'test' };
  for (let round = 0; round < ROUNDS; round++) {
    const toVersion = numbers[1 + (round % 2)]!;
    await withTransaction(place.pool, (c) => promoteVersion(c, { ...move, toVersion, expectedChampion: numbers[0]! }));
    await untilAnswered(toVersion);
    await withTransaction(place.pool, (c) => rollBack(c, { ...move, expectedChampion: toVersion }));
    await untilAnswered(numbers[0]!);
  }
  running = false;
  await clients;
  expect([failed, mixed]).toEqual([[], []]);
  expect(await countStored(place.pool, ids)).toEqual({ stored: ids.length, distinct: ids.length });
  const { rows } = await place.pool.query('select kind, count(*) as n from promotions group by kind order by kind');
  expect(rows).toEqual([
    { kind: 'promotion', n: ROUNDS + 1 },
    { kind: 'rollback', n: ROUNDS },
  ]);
  expect((await verifyAudit(place.pool)).problems).toEqual([]);
  expect(await service.end()).toBe(0);
});
