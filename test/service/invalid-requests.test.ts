import { afterAll, beforeAll, expect, test } from 'vitest';
import { InvalidRequestError, OverloadedError } from '../../service/errors.js';
import { createInvalidRequests } from '../../service/invalid-requests.js';
import { createDatabase } from '../helpers/postgres.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const wrongType = new InvalidRequestError('wrong_type', [{ path: '/x', message: 'must be a number' }]);
const missing = new InvalidRequestError('missing_field', [{ path: '/x', message: 'is missing' }]);

async function stored(model: string) {
  const { rows } = await database.pool.query(
    `select minute, reason, request_count as count from refused_requests where model_name = $1 order by minute, reason`,
    [model],
  );
  return rows;
}

function counter(startMs: number) {
  let now = startMs;
  const requests = createInvalidRequests({ now: () => now, isModel: (name) => name !== 'made-up' });
  return {
    requests,
    at: (ms: number) => {
      now = ms;
    },
  };
}

test('counts by model, minute and reason, and adds to what other replicas stored', async () => {
  const { requests, at } = counter(90_000);
  requests.count(wrongType, 'wine');
  requests.count(wrongType, 'wine');
  requests.count(missing, 'wine');
  await requests.store(database.pool);
  at(119_999);
  requests.count(wrongType, 'wine');
  at(120_000);
  requests.count(wrongType, 'wine');
  await requests.store(database.pool);
  await requests.store(database.pool);
  expect(await stored('wine')).toEqual([
    { minute: new Date(60_000), reason: 'missing_field', count: 1 },
    { minute: new Date(60_000), reason: 'wrong_type', count: 3 },
    { minute: new Date(120_000), reason: 'wrong_type', count: 1 },
  ]);
});

test('leaves out what is not the request’s fault, and models that are not served', async () => {
  const { requests } = counter(0);
  requests.count(new OverloadedError('full', 1), 'calm');
  requests.count(wrongType, 'made-up');
  await requests.store(database.pool);
  expect([...(await stored('calm')), ...(await stored('made-up'))]).toEqual([]);
});

test('keeps what could not be stored, and what came meanwhile', async () => {
  const { requests } = counter(0);
  requests.count(wrongType, 'away');
  const away = { query: () => Promise.reject(new Error('no Postgres')) };
  const failed = expect(requests.store(away as never)).rejects.toThrow('no Postgres');
  requests.count(wrongType, 'away');
  await failed;
  await requests.store(database.pool);
  expect(await stored('away')).toEqual([{ minute: new Date(0), reason: 'wrong_type', count: 2 }]);
});
