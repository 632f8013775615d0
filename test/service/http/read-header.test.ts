import { createServer, request } from 'node:http';
import { expect, test } from 'vitest';
import { readHeader } from '../../../service/http/read-header.js';

test('reads what `headers` holds, in any case, once or repeated', async () => {
  const names = ['x-request-id', 'traceparent', 'content-encoding', 'x-none', 'content-typf'];
  const seen = await new Promise<[unknown, unknown][]>((resolve) => {
    const server = createServer((incoming, response) => {
      response.end();
      server.close();
      resolve(names.map((name) => [readHeader(incoming, name), incoming.headers[name]]));
    }).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      const headers = ['host', 'x', 'X-Request-ID', 'a', 'TRACEPARENT', 'b', 'x-request-id', 'c', 'content-type', 'd'];
      request({ port, host: '127.0.0.1', headers, agent: false }).end();
    });
  });
  expect(seen.map(([mine]) => mine)).toEqual(['a, c', 'b', undefined, undefined, undefined]);
  for (const [mine, theirs] of seen) expect(mine).toBe(theirs);
});
