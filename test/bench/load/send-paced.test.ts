import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { atRank, sendPaced } from '../../../bench/load/send-paced.js';

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
  const report = await sendPaced({ ...load, port });
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
  const report = await sendPaced({ ...load, connections: 1, port });
  expect(report.maxMs).toBeGreaterThan(STALL_MS * 0.9);
  expect(report.p50Ms).toBeGreaterThan(STALL_MS * 0.05);
});

test('fails when a connection is lost with a request on it', async () => {
  const port = await serve((request) => request.socket.destroy());
  await expect(sendPaced({ ...load, port })).rejects.toThrow(/0 of 100 requests were answered: the server closed/);
});

test('opens a connection again that the server closes between requests', async () => {
  const port = await serve((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('content-length', 2).setHeader('connection', 'close').end('ok');
    });
  });
  expect(await sendPaced({ ...load, requestsPerSecond: 20, port })).toMatchObject({ requests: 10, refused: 0 });
});

test('a percentile is the nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, i) => i + 1);
  expect([atRank(values, 0.5), atRank(values, 0.99), atRank(values, 1), atRank([7], 0.01)]).toEqual([50, 99, 100, 7]);
});
