import { expect, test } from 'vitest';
import type { PostInstances, Reply } from '../../../cli/predict/post.js';
import { createScore, scoreInstances } from '../../../cli/predict/score.js';

/** A service that answers rows whose x is below 100; what it does with others is said. */
function fakePost(refuse: (rows: { x: number }[]) => Reply | undefined): PostInstances & { sent: number[] } {
  const sent: number[] = [];
  const post = async (instances: object[]): Promise<Reply> => {
    const rows = instances as { x: number }[];
    sent.push(rows.length);
    const predictions = rows.map(({ x }) => ({ id: `id-${x}`, value: x }));
    return refuse(rows) ?? { status: 200, body: { predictions, model: { name: 'm', version: 3 } } };
  };
  return Object.assign(post, { sent });
}

const instances = Array.from({ length: 8 }, (_, i) => ({ x: i === 5 ? 100 : i }));
const others = (problem: string): object[] =>
  instances.map(({ x }) => (x === 100 ? { problem } : { answer: { id: `id-${x}`, value: x, modelVersion: 3 } }));

test('halves a request that the model fails on until the row is found', async () => {
  const failed = { status: 500, body: { code: 'inference_failed', detail: 'the model failed' } };
  const post = fakePost((rows) => (rows.some(({ x }) => x === 100) ? failed : undefined));
  expect(await scoreInstances(post, instances)).toEqual(others('the model failed'));
  expect(post.sent).toEqual([8, 4, 4, 2, 1, 1, 2]);
});

test('halves a request that is too large', async () => {
  const tooLarge = { status: 413, body: { detail: 'the body is larger than 9 bytes' } };
  const post = fakePost((rows) => (rows.length > 2 || rows.some(({ x }) => x === 100) ? tooLarge : undefined));
  const scored = await scoreInstances(post, instances);
  expect(scored.filter((row) => 'answer' in row)).toHaveLength(7);
  expect(scored[5]).toEqual({ problem: 'the body is larger than 9 bytes' });
});

test.each<[string, Reply]>([
  ['are not answered in time', { status: 503, body: { code: 'deadline_exceeded', detail: 'waited for 9 ms' } }],
  ['are more than are taken', { status: 400, body: { errors: [{ path: '/instances', message: 'holds many' }] } }],
])('halves a request whose rows %s', async (_, refusal) => {
  const post = fakePost((rows) => (rows.length > 2 ? refusal : undefined));
  const answers = instances.map(({ x }) => ({ answer: { id: `id-${x}`, value: x, modelVersion: 3 } }));
  expect(await scoreInstances(post, instances)).toEqual(answers);
  expect(post.sent).toEqual([8, 4, 2, 2, 4, 2, 2]);
});

test('requests after one that had to be halved have as many rows as were answered, and try more after fifty', async () => {
  const tooMany = { status: 503, body: { code: 'deadline_exceeded', detail: 'waited for 9 ms' } };
  const post = fakePost((rows) => (rows.length > 2 ? tooMany : undefined));
  const score = createScore(post);
  await score(instances);
  expect(post.sent.splice(0)).toEqual([8, 4, 2, 2, 4, 2, 2]);
  const answers = instances.map(({ x }) => ({ answer: { id: `id-${x}`, value: x, modelVersion: 3 } }));
  expect(await score(instances)).toEqual(answers);
  expect(post.sent.splice(0)).toEqual([2, 2, 2, 2]);
  for (let request = 4; request < 50; request += 2) await score(instances.slice(0, 4));
  expect(post.sent.splice(0)).toEqual(new Array(46).fill(2));
  await score(instances);
  expect(post.sent).toEqual([4, 2, 2, 2, 2]);
});

test('one row that is too large makes the requests after it smaller once, not all of them single rows', async () => {
  const tooLarge = { status: 413, body: { detail: 'the body is larger than 9 bytes' } };
  const post = fakePost((rows) => (rows.some(({ x }) => x === 100) ? tooLarge : undefined));
  const score = createScore(post);
  await score(instances);
  post.sent.splice(0);
  await score(instances.slice(0, 5));
  expect(post.sent).toEqual([4, 1]);
});

test('gives a refused row all that is wrong in it, by the names of its columns', async () => {
  const post = fakePost((rows) => {
    const at = rows.findIndex(({ x }) => x === 100);
    if (at === -1) return undefined;
    const errors = [
      { path: `/instances/${at}/x`, message: 'is the number 100, wanted less' },
      { path: `/instances/${at}/kind~1of~0y`, message: 'is missing' },
      { path: `/instances/${at}`, message: 'has a field too many' },
    ];
    return { status: 400, body: { errors } };
  });
  const problem =
    'column "x" is the number 100, wanted less; column "kind/of~y" is missing; the row has a field too many';
  expect(await scoreInstances(post, instances)).toEqual(others(problem));
  expect(post.sent).toEqual([8, 7]);
});

test.each([
  [{ status: 500, body: { code: 'internal_error', detail: 'something went wrong' } }, 'answered 500: something went'],
  [{ status: 404, body: { detail: 'no model' } }, 'answered 404: no model'],
  [{ status: 502, body: undefined }, 'answered 502: no JSON'],
  [
    { status: 400, body: { detail: '1 problem', errors: [{ path: '/instances', message: 'holds 8, wanted 5' }] } },
    'answered 400: 1 problem (/instances holds 8, wanted 5)',
  ],
  [{ status: 200, body: { predictions: [], model: { version: 1 } } }, 'did not answer 8 rows with as many predictions'],
])('stops at an answer that is about no row: %j', async (reply, message) => {
  await expect(
    scoreInstances(
      fakePost(() => reply),
      instances,
    ),
  ).rejects.toThrow(message);
});
