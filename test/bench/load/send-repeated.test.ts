import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { sendRepeated } from '../../../bench/load/send-repeated.js';

test('sends one request after the other, reads long answers whole, and counts refusals', async () => {
  let underWay = 0;
  let most = 0;
  let n = 0;
  const server = createServer((request, response) => {
    most = Math.max(most, ++underWay);
    request.resume().on('end', () => {
      underWay--;
      response.statusCode = ++n === 3 ? 503 : 200;
      const answer = 'x'.repeat(300_000);
      response.setHeader('content-length', answer.length).end(answer);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const load = { port, path: '/', bodies: ['{}', '[]'] };
  expect(await sendRepeated({ ...load, requests: 5 })).toMatchObject({ requests: 5, refused: 1 });
  expect([most, n]).toEqual([1, 5]);
  const stop = new AbortController();
  stop.abort();
  expect(await sendRepeated({ ...load, signal: stop.signal })).toMatchObject({ requests: 0 });
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});
