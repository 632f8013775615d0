import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createPost, type PostInstances } from '../../../cli/predict/post.js';
import { listenOn } from '../../../core/http/listen.js';
import { createFakeClock } from './fixture.js';

type Behaviour = { status: number; retryAfter?: string; code?: string } | 'cut';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that does with each request what is next in the list, and the last for ever. */
async function postTo(behaviours: Behaviour[], clock = createFakeClock()) {
  const sources: unknown[] = [];
  server = createServer((request, response) => {
    sources.push(request.headers['x-plumbline-source']);
    const behaviour = behaviours.length > 1 ? behaviours.shift()! : behaviours[0]!;
    if (behaviour === 'cut') return void request.socket.destroy();
    if (behaviour.retryAfter !== undefined) response.setHeader('retry-after', behaviour.retryAfter);
    response.writeHead(behaviour.status).end(JSON.stringify({ x: 1, code: behaviour.code }));
  });
  const port = await listenOn(server, { host: '127.0.0.1', port: 0, setting: 'none' });
  const interrupt = new AbortController();
  const post: PostInstances = createPost({
    url: `http://127.0.0.1:${port}/predict`,
    source: 'batch',
    clock,
    signal: interrupt.signal,
  });
  return { post, clock, interrupt, sources };
}

test('waits as Retry-After says, and else ever longer, until there is an answer', async () => {
  const { post, clock, sources } = await postTo([
    { status: 503, retryAfter: '3' },
    { status: 429 },
    'cut',
    { status: 503, retryAfter: '3600' },
    { status: 200 },
  ]);
  expect(await post([{}])).toEqual({ status: 200, body: { x: 1 } });
  expect(clock.waits).toEqual([3_000, 500, 1_000, 30_000]);
  expect(sources).toEqual(Array(5).fill('batch'));
});

test('says at once that rows took too long together, and sends a single row again', async () => {
  const tooSlow = { status: 503, retryAfter: '1', code: 'deadline_exceeded' };
  const { post, clock } = await postTo([tooSlow, tooSlow, { status: 200 }]);
  expect(await post([{}, {}])).toEqual({ status: 503, body: { x: 1, code: 'deadline_exceeded' } });
  expect(clock.waits).toEqual([]);
  expect(await post([{}])).toMatchObject({ status: 200 });
  expect(clock.waits).toEqual([1_000]);
});

test('any other status is an answer', async () => {
  const { post, clock } = await postTo([{ status: 500 }]);
  expect(await post([{}])).toMatchObject({ status: 500 });
  expect(clock.waits).toEqual([]);
});

test('gives up on a service that refuses for ten minutes', async () => {
  const { post, clock } = await postTo([{ status: 503, retryAfter: '20' }]);
  await expect(post([{}])).rejects.toThrow(/answered 503 for 10 minutes; nothing was written/);
  expect(clock.now()).toBe(600_000);
});

test('ends at once when it is interrupted', async () => {
  const clock = createFakeClock();
  const { post, interrupt } = await postTo([{ status: 503 }], clock);
  clock.sleep = async (_, signal) => {
    interrupt.abort(new Error('interrupted'));
    signal.throwIfAborted();
  };
  await expect(post([{}])).rejects.toThrow('interrupted');
  await expect(post([{}])).rejects.toThrow('interrupted');
});
