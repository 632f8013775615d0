import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createPool } from '../../core/postgres/pool.js';
import { type OutcomeCounts, storeOutcomes } from '../../service/outcomes/store-outcomes.js';
import { createDatabase } from '../helpers/postgres.js';
import { openCapture } from './capture/fixture.js';
import { startTestService, type TestService } from './harness.js';
import { flowers, houses, promote } from './models.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let service: TestService;
beforeAll(async () => {
  database = await createDatabase();
  await promote(database.pool, await flowers());
  await promote(database.pool, await houses());
  service = await startTestService(database.url);
  await service.ready();
});
afterAll(async () => {
  await service.close();
  await database.drop();
});

const OUTCOMES = '/v1/models/flowers/outcomes';
const observed_at = '2026-01-31T12:00:00+01:00';

async function predictFlowers(count: number): Promise<string[]> {
  const instances = Array.from({ length: count }, () => ({ length: 7, width: 2, depth: null }));
  const { body } = await service.post('/v1/models/flowers/predict', { instances });
  return body.predictions.map((p: { id: string }) => p.id);
}

async function storedOutcomes(id: string): Promise<{ revision: number; actual: string }[]> {
  const { rows } = await database.pool.query(
    'select revision, actual from outcomes where prediction_id = $1 order by revision',
    [id],
  );
  return rows;
}

test('takes outcomes in, leaves repeats alone and makes a revision of a correction', async () => {
  const [a, b] = await predictFlowers(2);
  const outcome = (id: string | undefined, actual: string) => ({ prediction_id: id, actual, observed_at });
  const send = (...outcomes: unknown[]) => service.post(OUTCOMES, { outcomes });
  expect((await send(outcome(a, 'rose'))).body).toEqual({ accepted: 1, unchanged: 0, revised: 0 });
  expect((await send(outcome(a, 'rose'), outcome(b, 'iris'))).body).toEqual({ accepted: 1, unchanged: 1, revised: 0 });
  expect((await send(outcome(a?.toUpperCase(), 'tulip'))).body).toEqual({ accepted: 0, unchanged: 0, revised: 1 });
  expect((await send(outcome(a, 'tulip'))).body).toEqual({ accepted: 0, unchanged: 1, revised: 0 });
  expect(await storedOutcomes(a!)).toEqual([
    { revision: 1, actual: 'rose' },
    { revision: 2, actual: 'tulip' },
  ]);
  const { body } = await service.get(`/v1/predictions/${a}`);
  expect(body.outcome).toMatchObject({ actual: 'tulip', revision: 2, observed_at: '2026-01-31T11:00:00.000Z' });
});

test('takes a number for a regression and shows it as one', async () => {
  const instance = { area: 50, garden: false, 'heating/type': 'oil' };
  const { body } = await service.post('/v1/models/houses/predict', { instances: [instance] });
  const id = body.predictions[0].id;
  const reply = await service.post('/v1/models/houses/outcomes', {
    outcomes: [{ prediction_id: id, actual: 123.5, observed_at }],
  });
  expect(reply.body).toEqual({ accepted: 1, unchanged: 0, revised: 0 });
  expect((await service.get(`/v1/predictions/${id}`)).body).toMatchObject({
    value: body.predictions[0].value,
    features: { area: 50, garden: false, district: null, 'heating/type': 'oil' },
    outcome: { actual: 123.5 },
  });
});

test('refuses all of it when one prediction is unknown, naming each', async () => {
  const [known] = await predictFlowers(1);
  const unknown = v7();
  const { body: house } = await service.post('/v1/models/houses/predict', {
    instances: [{ area: 50, garden: false, 'heating/type': 'oil' }],
  });
  const reply = await service.post(OUTCOMES, {
    outcomes: [known, unknown, house.predictions[0].id].map((id) => ({
      prediction_id: id,
      actual: 'rose',
      observed_at,
    })),
  });
  expect(reply.status).toBe(400);
  expect(reply.body.errors).toEqual([
    { path: '/outcomes/1/prediction_id', message: `"${unknown}" is no prediction of model flowers` },
    {
      path: '/outcomes/2/prediction_id',
      message: `"${house.predictions[0].id}" is no prediction of model flowers`,
    },
  ]);
  expect(await storedOutcomes(known!)).toEqual([]);
});

test('refuses bad outcomes with every problem and its path', async () => {
  const [id] = await predictFlowers(1);
  const good = { prediction_id: id, actual: 'rose', observed_at };
  const { status, body } = await service.post(OUTCOMES, {
    outcomes: [
      good,
      { ...good },
      { prediction_id: 'x', actual: 'oak', observed_at: 'yesterday', note: 1 },
      { prediction_id: 'x', actual: 'oak', observed_at },
      7,
      {},
    ],
  });
  expect(status).toBe(400);
  expect(body.code).toBe('invalid_request');
  expect(body.errors.map((e: { path: string; message: string }) => `${e.path} ${e.message}`)).toEqual([
    '/outcomes/1/prediction_id stands in /outcomes/0 already; send each prediction once',
    '/outcomes/2/note is unknown; the fields are prediction_id, actual, observed_at',
    '/outcomes/2/prediction_id is the string "x", wanted the id of a prediction',
    '/outcomes/2/actual is the string "oak", wanted one of "iris", "rose", "tulip"',
    '/outcomes/2/observed_at is the string "yesterday", wanted a time with its zone, such as "2026-01-31T12:00:00Z"',
    '/outcomes/3/prediction_id is the string "x", wanted the id of a prediction',
    '/outcomes/3/actual is the string "oak", wanted one of "iris", "rose", "tulip"',
    '/outcomes/4 is a number, wanted {"prediction_id", "actual", "observed_at"}',
    '/outcomes/5/prediction_id is missing, wanted the id of a prediction',
    '/outcomes/5/actual is missing, wanted a class or a number',
    '/outcomes/5/observed_at is missing, wanted a time with its zone, such as "2026-01-31T12:00:00Z"',
  ]);
  expect(await storedOutcomes(id!)).toEqual([]);
});

// RFC 3339 allows each of these. A leap second is an invalid Date, which once went to Postgres as NaN and was answered 500.
test('refuses times that cannot be stored, and takes those that can', async () => {
  const ids = await predictFlowers(TIMES.length);
  const outcomes = TIMES.map(([observed_at], i) => ({ prediction_id: ids[i], actual: 'rose', observed_at }));
  const { status, body } = await service.post(OUTCOMES, { outcomes });
  expect(status).toBe(400);
  const refused = TIMES.flatMap(([time, stored], i) => (stored === undefined ? [{ time, i }] : []));
  expect(body.errors).toEqual(
    refused.map(({ time, i }) => ({
      path: `/outcomes/${i}/observed_at`,
      message: `is the string "${time}", wanted a time from the year 1 to 9999, with a second from 0 to 59`,
    })),
  );
  const good = outcomes.filter((_, i) => TIMES[i]![1] !== undefined);
  expect((await service.post(OUTCOMES, { outcomes: good })).body.accepted).toBe(good.length);
  for (const { prediction_id, observed_at } of good) {
    const { outcome } = (await service.get(`/v1/predictions/${prediction_id}`)).body;
    expect(outcome.observed_at).toBe(TIMES.find(([time]) => time === observed_at)![1]);
  }
});

const TIMES: [sent: string, stored?: string][] = [
  ['2016-12-31T23:59:60Z'],
  ['2017-01-01T00:59:60+01:00'],
  ['0000-01-01T00:00:00Z'],
  ['0001-01-01T00:00:00+01:00'],
  ['9999-12-31T23:59:59-01:00'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ['2026-01-31t12:00:00.25z', '2026-01-31T12:00:00.250Z'],
  ['2026-01-31 12:00:00Z', '2026-01-31T12:00:00.000Z'],
];

test('refuses a body of another shape', async () => {
  for (const [sent, path] of [
    [[], ''],
    [{}, '/outcomes'],
    [{ outcomes: [] }, '/outcomes'],
    [{ outcomes: {}, more: 1 }, '/more'],
  ] as const) {
    const { status, body } = await service.post(OUTCOMES, sent);
    expect([status, body.errors[0].path]).toEqual([400, path]);
  }
  expect((await service.post('/v1/models/oaks/outcomes', { outcomes: [] })).body.code).toBe('model_not_found');
});

test('keeps one revision when the same outcome arrives many times at once', async () => {
  const ids = await predictFlowers(20);
  const outcomes = ids.map((id) => ({ prediction_id: id, actual: 'iris', observed_at }));
  const replies = await Promise.all(
    [outcomes, outcomes.toReversed(), outcomes, outcomes.toReversed()].map((sent) =>
      service.post(OUTCOMES, { outcomes: sent }),
    ),
  );
  expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 200]);
  const sum = (key: string): number => replies.reduce((total, reply) => total + reply.body[key], 0);
  expect([sum('accepted'), sum('unchanged'), sum('revised')]).toEqual([20, 60, 0]);
  for (const id of ids) expect(await storedOutcomes(id)).toEqual([{ revision: 1, actual: 'iris' }]);
});

const NOTHING_PENDING = { settle: async () => undefined, find: async () => new Set<string>() };

// Each of them once tried again when another had stored the next revision first, and some gave up with 503.
test('takes fifty corrections of the same outcomes at once, each its own revision', async () => {
  const ids = await predictFlowers(2);
  await service.stored();
  const connectionString = database.url;
  const onError = () => undefined;
  const pool = createPool({ connectionString, applicationName: 'test', maxConnections: 50, onError });
  onTestFinished(() => pool.end());
  await Promise.all(Array.from({ length: 50 }, () => pool.query('select pg_sleep(0.1)')));
  const counts = await Promise.all(
    Array.from({ length: 50 }, (_, i) => {
      const actual = ['iris', 'rose', 'tulip'][i % 3]!;
      const outcomes = ids.map((predictionId) => ({ predictionId, actual, observedAt: new Date(observed_at) }));
      return storeOutcomes(
        { pool, pending: NOTHING_PENDING },
        'flowers',
        i % 2 === 0 ? outcomes : outcomes.toReversed(),
      );
    }),
  );
  const sum = (key: keyof OutcomeCounts): number => counts.reduce((total, count) => total + count[key], 0);
  expect(sum('accepted')).toBe(2);
  expect(sum('accepted') + sum('revised') + sum('unchanged')).toBe(100);
  for (const id of ids) {
    const stored = await storedOutcomes(id);
    expect(stored.map((outcome) => outcome.revision)).toEqual(stored.map((_, i) => i + 1));
    expect(stored).toHaveLength((sum('accepted') + sum('revised')) / 2);
    expect(stored.every((outcome, i) => outcome.actual !== stored[i - 1]?.actual)).toBe(true);
  }
});

test('takes outcomes of predictions that are not in Postgres yet, of this process and of another on this machine', async () => {
  const pool = createPool({
    connectionString: 'postgres://x@127.0.0.1:1/x',
    applicationName: 'test',
    onError: () => undefined,
  });
  const other = await openCapture(pool, service.spoolFolder);
  const [elsewhere] = await other.acknowledge(1, { modelName: 'flowers' });
  const [own] = await predictFlowers(1);
  const outcomes = [own, elsewhere].map((id) => ({ prediction_id: id, actual: 'rose', observed_at }));
  const reply = await service.post(OUTCOMES, { outcomes });
  expect([reply.status, reply.body]).toEqual([200, { accepted: 2, unchanged: 0, revised: 0 }]);
  // Shown once it is stored; until then it is said to be on its way.
  const pending = await service.get(`/v1/predictions/${elsewhere}`);
  expect([pending.status, pending.body.code, pending.headers.get('retry-after')]).toEqual([
    503,
    'prediction_pending',
    '1',
  ]);
  expect((await service.get(`/v1/predictions/${own}`)).body.outcome.actual).toBe('rose');
  const foreign = await service.post('/v1/models/houses/outcomes', {
    outcomes: [{ prediction_id: elsewhere, actual: 7, observed_at }],
  });
  expect(foreign.status).toBe(400);
  await other.close();
  await pool.end();
});
