import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../helpers/postgres.js';
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

const FLOWER = { length: 7, width: 2, depth: 1 };
const HOUSE = { area: 100, garden: true, district: 'north', 'heating/type': 'gas' };

test('answers a classification with ids, labels, probabilities and the version', async () => {
  const { status, body, headers } = await service.post('/v1/models/flowers/predict', {
    instances: [FLOWER, { length: 1, width: 1 }],
  });
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/json');
  expect(body.model).toEqual({ name: 'flowers', version: 1 });
  expect(body.predictions.map((p: { label: string }) => p.label)).toEqual(['tulip', 'iris']);
  const [first] = body.predictions;
  expect(Object.keys(first)).toEqual(['id', 'label', 'probabilities']);
  expect(Object.keys(first.probabilities)).toEqual(['iris', 'rose', 'tulip']);
  const sum = Object.values<number>(first.probabilities).reduce((a, b) => a + b);
  expect(sum).toBeCloseTo(1, 5);
});

test('stores the row of each answer as it was given and answered', async () => {
  const before = Date.now();
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const { body, headers } = await service.post(
    '/v1/models/houses/predict',
    { instances: [HOUSE, { ...HOUSE, garden: false, district: null }] },
    { 'x-request-id': 'abc-1', traceparent: `00-${trace}-00f067aa0ba902b7-01` },
  );
  expect(headers.get('x-request-id')).toBe('abc-1');
  const ids = body.predictions.map((p: { id: string }) => p.id);
  await service.stored();
  const { rows } = await database.pool.query(
    'select *, tableoid::regclass::text as partition from predictions where prediction_id = any($1) order by prediction_id',
    [ids],
  );
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({
    prediction_id: ids[0],
    model_name: 'houses',
    model_version: 1,
    source: 'live',
    numeric_features: [100, 1],
    categorical_features: ['north', 'gas'],
    out_of_range: [],
    label: null,
    scores: null,
    request_id: 'abc-1',
    trace_id: trace,
  });
  expect(rows[1]).toMatchObject({ numeric_features: [100, 0], categorical_features: [null, 'gas'] });
  expect(rows.map((row) => Math.fround(row.value))).toEqual(body.predictions.map((p: { value: number }) => p.value));
  const millisecond = Number.parseInt(ids[0].replaceAll('-', '').slice(0, 12), 16);
  expect(rows[0].requested_at.getTime()).toBe(millisecond);
  expect(millisecond).toBeGreaterThanOrEqual(before);
  expect(rows[0].partition).toBe(`predictions_${new Date(millisecond).toISOString().slice(0, 10).replaceAll('-', '')}`);
  expect(rows[0].latency_us).toBeGreaterThan(0);
});

test('answers values outside the range and unseen categories, with flags in the answer and in the row', async () => {
  const flower = await service.post('/v1/models/flowers/predict', { instances: [FLOWER, { ...FLOWER, length: 10.5 }] });
  expect(flower.status).toBe(200);
  expect(flower.body.predictions[0].flags).toBeUndefined();
  expect(flower.body.predictions[1].flags).toEqual([{ feature: 'length', problem: 'out_of_range' }]);
  const house = await service.post('/v1/models/houses/predict', {
    instances: [{ ...HOUSE, area: 9, district: 'the "new\ttown\\' }],
  });
  expect(house.body.predictions[0].flags).toEqual([
    { feature: 'area', problem: 'out_of_range' },
    { feature: 'district', problem: 'unseen_category' },
  ]);
  await service.stored();
  const { rows } = await database.pool.query(
    'select out_of_range, categorical_features from predictions where prediction_id = $1',
    [house.body.predictions[0].id],
  );
  expect(rows[0]).toEqual({ out_of_range: ['area', 'district'], categorical_features: ['the "new\ttown\\', 'gas'] });
});

test('makes a request id where none or an unfit one is given, and ignores a broken traceparent', async () => {
  const { headers, body } = await service.post(
    '/v1/models/flowers/predict',
    { instances: [FLOWER] },
    { 'x-request-id': 'has spaces <b>', traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` },
  );
  const id = headers.get('x-request-id');
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  const stored = await service.get(`/v1/predictions/${body.predictions[0].id}`);
  expect(stored.body).toMatchObject({ request_id: id, trace_id: null });
});

test('stores exactly the rows it answered, many requests at once, and says so per commit', async () => {
  await service.stored();
  const { rows: before } = await database.pool.query('select count(*)::int as n from predictions');
  const replies = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      service.post('/v1/models/flowers/predict', {
        instances: Array.from({ length: 1 + (i % 3) }, (_, k) => ({ ...FLOWER, depth: i + k / 10 })),
      }),
    ),
  );
  expect(replies.every((reply) => reply.status === 200)).toBe(true);
  const answered = replies.flatMap((reply, i) =>
    reply.body.predictions.map((p: { id: string }, k: number) => [p.id, i + k / 10]),
  );
  await service.stored();
  const { rows } = await database.pool.query(
    'select prediction_id as id, numeric_features[3] as depth, batch_id, scores from predictions where prediction_id = any($1)',
    [answered.map(([id]) => id)],
  );
  const { rows: after } = await database.pool.query('select count(*)::int as n from predictions');
  expect(after[0].n - before[0].n).toBe(answered.length);
  expect(new Map(rows.map((row) => [row.id, row.depth]))).toEqual(new Map(answered as [string, number][]));
  const { rows: batches } = await database.pool.query(
    `select b.row_count, count(*)::int as found, min(p.requested_at) = b.first_requested_at
        and max(p.requested_at) = b.last_requested_at as same_times
       from capture_batches b join predictions p using (batch_id, model_name, model_version)
      group by b.batch_id, b.model_name, b.model_version`,
  );
  for (const batch of batches) expect(batch).toEqual({ row_count: batch.found, found: batch.found, same_times: true });
  const used = new Set(rows.map((row) => row.batch_id));
  expect(used.size).toBeLessThan(200);
});

test('answers a large request slice by slice, each row its own answer', async () => {
  const instances = Array.from({ length: 1_000 }, (_, i) => ({ ...FLOWER, length: i % 2 === 0 ? 7 : 1, width: 1 }));
  const { status, body } = await service.post('/v1/models/flowers/predict', { instances });
  expect(status).toBe(200);
  expect(body.predictions.map((p: { label: string }) => p.label)).toEqual(
    instances.map((instance) => (instance.length === 7 ? 'tulip' : 'iris')),
  );
});

test('takes JSON under another content type', async () => {
  const body = JSON.stringify({ instances: [FLOWER] });
  expect((await service.post('/v1/models/flowers/predict', body, { 'content-type': 'text/plain' })).status).toBe(200);
});
