import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../helpers/postgres.js';
import { type Reply, startTestService, type TestService } from './harness.js';
import { flowers, houses, promote } from './models.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let service: TestService;
beforeAll(async () => {
  database = await createDatabase();
  await promote(database.pool, await flowers());
  await promote(database.pool, await houses());
  service = await startTestService(database.url, { SERVICE_MAX_INSTANCES: '50' });
  await service.ready();
});
afterAll(async () => {
  await service.close();
  await database.drop();
});

const PREDICT = '/v1/models/flowers/predict';
const FLOWER = { length: 7, width: 2, depth: 1 };
const HOUSE = { area: 100, garden: true, district: 'north', 'heating/type': 'gas' };

function assertProblem(reply: Reply, status: number, code: string): void {
  expect(reply.status).toBe(status);
  expect(reply.headers.get('content-type')).toBe('application/problem+json');
  expect(reply.body).toMatchObject({ type: `urn:plumbline:problem:${code}`, status, code });
  expect(reply.body.title).toEqual(expect.any(String));
  expect(reply.body.request_id).toBe(reply.headers.get('x-request-id'));
}

function lines(reply: Reply): string[] {
  return reply.body.errors.map((e: { path: string; message: string }) => `${e.path} ${e.message}`);
}

test('names every unknown, missing and wrong-typed field with its path', async () => {
  const reply = await service.post(PREDICT, {
    instances: [FLOWER, { lenght: 1, width: '2', depth: true, __proto__x: 0 }, null, [1], { length: null, width: 1 }],
  });
  assertProblem(reply, 400, 'invalid_request');
  expect(lines(reply)).toEqual([
    '/instances/1/length is missing; send a number in cm, 0 to 10',
    '/instances/1/lenght is no feature of this model; did you mean "length"?',
    '/instances/1/__proto__x is no feature of this model; the features are length, width, depth',
    '/instances/1/width is the string "2", wanted a number in cm, 0 to 5',
    '/instances/1/depth is true, wanted a number, or null',
    '/instances/2 is null, wanted an object of features',
    '/instances/3 is an array, wanted an object of features',
    '/instances/4/length is null, wanted a number in cm, 0 to 10',
  ]);
});

test('refuses what the manifest rejects: a range and a category list, with pointers escaped', async () => {
  const flower = await service.post(PREDICT, { instances: [{ ...FLOWER, width: 5.5 }] });
  expect(lines(flower)).toEqual(['/instances/0/width is the number 5.5, wanted a number in cm, 0 to 5']);
  const house = await service.post('/v1/models/houses/predict', {
    instances: [{ ...HOUSE, 'heating/type': 'wood', garden: 1 }],
  });
  expect(lines(house)).toEqual([
    '/instances/0/garden is the number 1, wanted true or false',
    '/instances/0/heating~1type is the string "wood", wanted a string, one of "gas", "oil", "heat \\"pump\\""',
  ]);
});

test('refuses numbers that no float holds, keys of the prototype, and endless strings', async () => {
  const infinite = await service.post(PREDICT, `{"instances":[{"length":1e999,"width":1}]}`);
  expect(lines(infinite)).toEqual(['/instances/0/length is the number Infinity, wanted a number in cm, 0 to 10']);
  const wide = await service.post(PREDICT, `{"instances":[{"length":1e300,"width":1}]}`);
  expect(wide.status).toBe(400);
  const prototype = await service.post(PREDICT, `{"instances":[{"length":1,"width":1,"__proto__":{"a":1}}]}`);
  expect(prototype.body.errors[0].path).toBe('/instances/0/__proto__');
  const long = await service.post('/v1/models/houses/predict', {
    instances: [{ ...HOUSE, district: 'x'.repeat(2_000) }],
  });
  expect(long.body.errors[0].path).toBe('/instances/0/district');
});

test('lists a hundred problems and counts the rest', async () => {
  const reply = await service.post(PREDICT, { instances: Array.from({ length: 50 }, () => ({ a: 1 })) });
  assertProblem(reply, 400, 'invalid_request');
  expect(reply.body.errors).toHaveLength(100);
  expect(reply.body.more_errors).toBe(50);
  expect(reply.body.detail).toBe('150 problems in the request body; the first 100 are listed, 50 more are not');
});

test('refuses a body of another shape', async () => {
  for (const [body, expected] of [
    ['[]', [' is an array, wanted an object {"instances": [...]}']],
    ['7', [' is a number, wanted an object {"instances": [...]}']],
    ['{}', ['/instances is missing, wanted an array of objects']],
    ['{"instances":[]}', ['/instances is empty, wanted at least one instance']],
    [
      '{"instance":[{}]}',
      [
        '/instance is unknown; the body has the one field "instances"',
        '/instances is missing, wanted an array of objects',
      ],
    ],
    [`{"instances":[${'{},'.repeat(50)}{}]}`, ['/instances holds 51 instances, wanted 50 at most']],
  ] as const) {
    const reply = await service.post(PREDICT, body);
    assertProblem(reply, 400, 'invalid_request');
    expect(lines(reply)).toEqual(expected);
  }
});

test('gives the position in broken JSON', async () => {
  const reply = await service.post(PREDICT, '{"instances": [\n  {"length": 1,}\n]}');
  assertProblem(reply, 400, 'malformed_json');
  expect(reply.body.detail).toBe(
    'the body is not valid JSON: line 2 column 16 (position 31): expected a field name in double quotes, found "}"',
  );
  expect((await service.post(PREDICT, '')).body.detail).toMatch('the body is empty');
  expect((await service.post(PREDICT, new Uint8Array([0x22, 0xff, 0x22]))).body.detail).toMatch('not UTF-8');
});

test('refuses a body of 10 MB and reads the next request', async () => {
  const big = `{"instances":[${'{"length":1,"width":1},'.repeat(450_000)}{}]}`;
  expect(big.length).toBeGreaterThan(10_000_000);
  assertProblem(await service.post(PREDICT, big), 413, 'body_too_large');
  assertProblem(await service.post('/v1/models/flowers/outcomes', big), 413, 'body_too_large');
  expect((await service.post(PREDICT, { instances: [FLOWER] })).status).toBe(200);
});

test('refuses a body that grows past the limit without saying its length', async () => {
  const socket = connect(service.port, '127.0.0.1');
  const head = `POST ${PREDICT} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`;
  const chunk = `${(65_536).toString(16)}\r\n${' '.repeat(65_536)}\r\n`;
  let answer = '';
  socket.on('data', (data) => {
    answer += data.toString();
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(head);
  for (let i = 0; i < 80; i++) socket.write(chunk);
  socket.write('0\r\n\r\nGET /v2/health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  await closed;
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
  expect(answer).toMatch('"code":"body_too_large"');
  expect(answer).toMatch(/HTTP\/1.1 200 [\s\S]*"live":true/);
});

test('refuses a compressed body', async () => {
  assertProblem(await service.post(PREDICT, '{}', { 'content-encoding': 'gzip' }), 415, 'unsupported_encoding');
});

test('refuses unknown models, paths and methods', async () => {
  const unknown = await service.post('/v1/models/oaks/predict', { instances: [FLOWER] });
  assertProblem(unknown, 404, 'model_not_found');
  expect(unknown.body.detail).toBe('no model "oaks" is served here; GET /v1/models lists those that are');
  assertProblem(await service.get('/v1/models/oaks'), 404, 'model_not_found');
  for (const name of ['__proto__', 'constructor', 'toString']) {
    assertProblem(await service.get(`/v1/models/${name}`), 404, 'model_not_found');
    assertProblem(await service.post(`/v1/models/${name}/predict`, { instances: [{}] }), 404, 'model_not_found');
    assertProblem(await service.post(`/v1/models/${name}/outcomes`, { outcomes: [] }), 404, 'model_not_found');
    assertProblem(await service.get(`/v1/predictions/${name}`), 404, 'prediction_not_found');
    assertProblem(await service.get(`/${name}`), 404, 'not_found');
  }
  assertProblem(await service.get('/v1/else'), 404, 'not_found');
  assertProblem(await service.post(`${PREDICT}/`, {}), 404, 'not_found');
  assertProblem(await service.post('/v1/nothing', ' '.repeat(8_000_000)), 404, 'not_found');
  assertProblem(await service.get('/v1/models/%ff'), 404, 'not_found');
  assertProblem(await service.get('/v1/predictions/7'), 404, 'prediction_not_found');
  assertProblem(await service.get('/v1/predictions/019ab000-0000-7000-8000-000000000000'), 404, 'prediction_not_found');
  const method = await service.get(PREDICT);
  assertProblem(method, 405, 'method_not_allowed');
  expect(method.headers.get('allow')).toBe('POST');
  assertProblem(await service.post('/metrics', {}), 405, 'method_not_allowed');
});

test('counts refused requests by reason and stores none of them', async () => {
  const { rows } = await database.pool.query('select count(*)::int as n from predictions');
  expect(rows[0].n).toBe(1);
  const { body } = await service.get('/metrics');
  const count = (reason: string): number =>
    Number(new RegExp(`invalid_requests_total\\{reason="${reason}"\\} (\\d+)`).exec(body)?.[1]);
  expect(count('missing_field')).toBeGreaterThanOrEqual(2);
  expect(count('out_of_range')).toBeGreaterThanOrEqual(2);
  expect(count('malformed_json')).toBe(3);
  expect(count('too_large')).toBe(3);
  expect(count('wrong_shape')).toBe(6);
  expect(count('unseen_category')).toBe(0);
  expect(body).toMatch(
    'http_request_duration_seconds_count{method="POST",route="/v1/models/{model}/predict",status_code="404"} 4',
  );
});
