import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { overloadReport } from '../../../bench/load/overload-report.js';
import { type PacedLoad, sendPaced } from '../../../bench/load/send-paced.js';
import { summarisePaced } from '../../../bench/load/summarise.js';

const sendAll = async (paced: PacedLoad) => summarisePaced(await sendPaced(paced));
let close = async (): Promise<void> => undefined;
afterEach(() => close());

async function serve(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return (server.address() as AddressInfo).port;
}

const load = { path: '/predict', bodies: ['{"a":1}', '{"a":2}'], connections: 4, requestsPerSecond: 200, seconds: 0.5 };

test('sends every request once, the bodies in turn, and counts what was refused', async () => {
  const seen: string[] = [];
  const port = await serve((request, response) => {
    request.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
    request.on('end', () => {
      response.statusCode = seen.length % 10 === 0 ? 503 : 200;
      response.setHeader('content-length', 2).end('ok');
    });
  });
  const report = await sendAll({ ...load, port });
  expect(report).toMatchObject({ requests: 100, refused: 10 });
  expect(seen.filter((body) => body === '{"a":1}')).toHaveLength(50);
  expect(report.requestsPerSecond).toBeLessThan(210);
});

test('charges a stalled server for the requests that were due meanwhile', async () => {
  const STALL_MS = 300;
  let first = true;
  const port = await serve((request, response) => {
    request.resume().on('end', () => {
      const end = performance.now() + (first ? STALL_MS : 0);
      first = false;
      while (performance.now() < end);
      response.setHeader('content-length', 2).end('ok');
    });
  });
  // In one process the stall holds the sender too; the requests due meanwhile are sent late and must count as late.
  const report = await sendAll({ ...load, connections: 1, port });
  expect(report.maxMs).toBeGreaterThan(STALL_MS * 0.9);
  expect(report.p50Ms).toBeGreaterThan(STALL_MS * 0.05);
});

test('fails when a connection is lost with a request on it', async () => {
  const port = await serve((request) => request.socket.destroy());
  await expect(sendAll({ ...load, port })).rejects.toThrow(/0 of 100 requests were answered: the server closed/);
});

test('opens a connection again that the server closes between requests', async () => {
  const port = await serve((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('content-length', 2).setHeader('connection', 'close').end('ok');
    });
  });
  expect(await sendAll({ ...load, requestsPerSecond: 20, port })).toMatchObject({ requests: 10, refused: 0 });
});

test('opens more connections while requests wait, up to the most, and sends until it is stopped', async () => {
  const held: (() => void)[] = [];
  const stop = new AbortController();
  const port = await serve((request, response) => {
    held.push(() => response.setHeader('content-length', 2).end('ok'));
    request.resume();
    // Nothing is answered until as many requests are there as there may be connections.
    if (held.length === 6) stop.abort();
    if (held.length >= 6) for (const answer of held.splice(0)) answer();
  });
  const { seconds: _, ...endless } = load;
  const outcome = await sendPaced({ ...endless, connections: 2, mostConnections: 6, port, signal: stop.signal });
  expect(outcome).toMatchObject({ due: 6, connections: 6, lost: [] });
  expect(outcome.answers).toHaveLength(6);
});

test('an overload is summed up by status, with latencies of accepted and refused apart', async () => {
  let n = 0;
  const port = await serve((request, response) => {
    request.resume().on('end', () => {
      n++;
      if (n === 7) return request.socket.destroy();
      response.statusCode = n % 2 === 0 ? 503 : 200;
      response.setHeader('content-length', 2).end('ok');
    });
  });
  const report = overloadReport(await sendPaced({ ...load, requestsPerSecond: 100, seconds: 0.2, port }));
  expect(report).toMatchObject({ due: 20, statuses: { 200: 9, 503: 10 }, lost: 1, unanswered: 0 });
  expect(report.thirdsP99Ms.every((ms) => ms !== null && ms > 0)).toBe(true);
  expect(report.refused!.maxMs).toBeGreaterThan(0);
  const nothing = overloadReport({ due: 3, seconds: 1, answers: [], lost: [], connections: 0 });
  expect(nothing).toMatchObject({ accepted: undefined, thirdsP99Ms: [null, null, null], unanswered: 3 });
});
