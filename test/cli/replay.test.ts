import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReplay } from '../../cli/commands/replay.js';
import { replay } from '../../cli/replay/replay.js';
import { createRandom } from '../../core/random.js';
import { createDatabase } from '../helpers/postgres.js';
import { startTestService, type TestService } from '../service/harness.js';
import { flowers, houses, promote, trainVersion } from '../service/models.js';

/** A classifier of two classes with a threshold of its own, over a number and categories that may be missing. */
const LOANS_YAML = `
name: loans
task: binary
target: repaid
classes: ["no", "yes"]
positiveClass: "yes"
decisionThreshold: 0.7
features:
  - { name: income, type: numeric, missing: true }
  - { name: owner, type: boolean }
  - { name: job, type: categorical, missing: true }
`;

const random = createRandom(11);
const pick = <T>(from: T[]): T => from[random.integer(from.length)]!;
const INSTANCES: Record<string, () => object> = {
  flowers: () => ({ length: random.next() * 12, width: random.next() * 5, depth: pick([null, random.next() / 3]) }),
  houses: () => ({
    area: 10 + random.next() * 490,
    garden: pick([true, false]),
    district: pick(['north', 'south', 'old town', 'unheard of', null]),
    'heating/type': pick(['gas', 'oil', 'heat "pump"']),
  }),
  loans: () => ({
    income: pick([null, 1e-7 + random.next() * 9]),
    owner: pick([true, false]),
    job: pick(['a,b', 'c"d', '{e}', null]),
  }),
};

let database: Awaited<ReturnType<typeof createDatabase>>;
let service: TestService;
const ids: Record<string, string[]> = {};
beforeAll(async () => {
  database = await createDatabase();
  for (const version of [await flowers(), await houses(), await loans()]) await promote(database.pool, version);
  service = await startTestService(database.url);
  await service.ready();
  for (const [model, instance] of Object.entries(INSTANCES)) {
    // Requests at the same time share runs: what they were answered must not depend on who was beside them.
    const bodies = [1, 1, 2, 3, 40].map((rows) => ({ instances: Array.from({ length: rows }, instance) }));
    const replies = await Promise.all(bodies.map((body) => service.post(`/v1/models/${model}/predict`, body)));
    ids[model] = replies.flatMap((reply) => reply.body.predictions.map((p: { id: string }) => p.id));
  }
  await service.stored();
});
afterAll(async () => {
  await service?.close();
  await database?.drop();
});

function loans() {
  const rows = Array.from({ length: 300 }, () => {
    const income = random.next() * 9;
    const owner = pick(['true', 'false']);
    const job = pick(['a,b', 'c"d', '{e}']);
    return { income: String(income), owner, job, repaid: income > 4 || owner === 'true' ? 'yes' : 'no' };
  });
  return trainVersion(LOANS_YAML, rows, 3);
}

test.each(Object.keys(INSTANCES))(
  'every prediction of %s is made again bit for bit, missing values among them',
  async (model) => {
    expect(ids[model]).toHaveLength(47);
    for (const id of ids[model]!) {
      const outcome = await replay(database.pool, id);
      expect(outcome, JSON.stringify(outcome)).toMatchObject({ id, model: { name: model, version: 1 }, same: true });
    }
  },
);

test('says by which model it was answered, and that the answer is the same', async () => {
  const { body } = await service.get(`/v1/predictions/${ids.flowers![0]}`);
  const lines = describeReplay(await replay(database.pool, ids.flowers![0]!)).join('\n');
  expect(lines).toMatch(new RegExp(`flowers version 1 \\(sha256:[0-9a-f]{64}\\) answered ${body.label} at`));
  expect(lines).toContain('the same answer again, bit for bit');
});

test('the least change of a stored score, or another label, is found', async () => {
  const [first, second] = ids.flowers!;
  const change = (id: string, set: string) =>
    database.pool.query(`update predictions set ${set} where prediction_id = $1`, [id]);
  const { stored } = await replay(database.pool, first!);
  const score = new Float32Array(stored.scores!);
  new Uint32Array(score.buffer)[1]! += 1;
  await change(first!, `scores[2] = ${score[1]}`);
  expect(await replay(database.pool, first!)).toMatchObject({
    same: false,
    reason: expect.stringMatching(/^score 1 was/),
  });
  await change(second!, `label = 'weed'`);
  expect(await replay(database.pool, second!)).toMatchObject({
    same: false,
    reason: expect.stringMatching(/^label was weed and is \w+ now.*onnxruntime/),
  });
});

test('an input that was changed since is found', async () => {
  const { rows } = await database.pool.query(
    `update predictions set numeric_features[1] = 10 where prediction_id = (
       select prediction_id from predictions where model_name = 'houses' order by numeric_features[1] desc limit 1)
     returning prediction_id as id`,
  );
  expect((await replay(database.pool, rows[0].id)).same).toBe(false);
});

test('a row that the model failed on is no match where it answers now', async () => {
  const id = ids.houses![1]!;
  await database.pool.query(
    `update predictions set error_class = 'RangeError', value = null where prediction_id = $1`,
    [id],
  );
  const outcome = await replay(database.pool, id);
  expect(outcome).toMatchObject({
    same: false,
    reason: expect.stringContaining('errorClass was RangeError and is none now'),
  });
});

test('says when the artefact is damaged', async () => {
  const id = ids.loans![0]!;
  const { digest } = (await replay(database.pool, id)).model;
  await database.pool.query(`update artefacts set content = 'not a model' where digest = $1`, [digest]);
  const outcome = await replay(database.pool, id);
  expect(outcome).toMatchObject({ same: false, reason: expect.stringContaining(`artefact ${digest} is damaged`) });
});

test('an id that nobody was given is an error that says what to look at', async () => {
  await expect(replay(database.pool, '01900000-0000-7000-8000-000000000000')).rejects.toThrow(
    /is stored; one that was/,
  );
  await expect(replay(database.pool, 'x')).rejects.toThrow('"x" is not the id of a prediction');
});
