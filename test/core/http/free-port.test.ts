import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from '../../../core/http/free-port.js';

test('a free port can be listened on, and lies below those of outgoing connections', async () => {
  const server = createServer();
  const port = await freePort();
  expect(port).toBeGreaterThanOrEqual(20_000);
  expect(port).toBeLessThanOrEqual(32_767);
  await new Promise<void>((done, failed) => server.once('error', failed).listen(port, '127.0.0.1', done));
  await new Promise((done) => server.close(done));
});
