import { createServer, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenOn } from '../../core/http/listen.js';
import { createHttpClient } from '../../traffic/http-client.js';

const seen: IncomingHttpHeaders[] = [];
const server = createServer((request, response) => {
  seen.push(request.headers);
  response.end('{}');
});
let url: string;
beforeAll(async () => {
  url = `http://127.0.0.1:${await listenOn(server, { host: '127.0.0.1', port: 0, setting: 'none' })}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

test('sends the API key with every request where one is given, and none else', async () => {
  for (const apiKey of ['plk_key', undefined, '']) {
    const client = createHttpClient({ url, connections: 1, timeoutMs: 5_000, apiKey });
    await client.get('/v1/models');
    await client.post('/v1/models/m/predict', {});
    client.close();
  }
  expect(seen.map((headers) => headers['x-api-key'])).toEqual(['plk_key', 'plk_key', ...Array(4)]);
});
