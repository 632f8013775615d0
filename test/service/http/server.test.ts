import { afterEach, expect, test } from 'vitest';
import { openRaw, rawRequest } from '../../helpers/raw-client.js';
import { until } from '../../helpers/until.js';
import { startServer, type TestServer } from './fixture.js';

let server: TestServer;
afterEach(() => server.close());

/** The parts of one whole answer, and that it is one. */
function parse(answer: string) {
  const [head, body] = answer.split('\r\n\r\n') as [string, string];
  const [line, ...headers] = head.split('\r\n');
  const length = /^content-length: (\d+)$/im.exec(head)?.[1];
  expect(Number(length)).toBe(Buffer.byteLength(body));
  return { status: Number(line!.split(' ')[1]), head: headers.join('\n').toLowerCase(), body: JSON.parse(body) };
}

test('cuts a head that comes byte by byte, and a connection that says nothing, with 408', async () => {
  server = await startServer({ headTimeoutMs: 300 });
  const [slow, silent] = [openRaw(server.port), openRaw(server.port)];
  const text = rawRequest('GET', `/${'x'.repeat(10_000)}`);
  for (let i = 0; !slow.isClosed(); i++) {
    slow.send(text[i]!);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  for (const client of [slow, silent]) {
    const { status, head, body } = parse(await client.closed);
    expect([status, body.code, body.error]).toEqual([408, 'request_timeout', body.detail]);
    expect(head).toMatch('connection: close');
  }
  expect(await server.refusals('head_timeout')).toBe(2);
  expect(server.handled()).toBe(0);
});

test('cuts a body that is too slow with 408, in the form of its route', async () => {
  server = await startServer({ headTimeoutMs: 300, receiveTimeoutMs: 300 });
  const client = openRaw(server.port);
  client.send(rawRequest('POST', '/', '', { 'content-length': '1000' }));
  while (!client.isClosed()) {
    client.send('x');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { status, head, body } = parse(await client.closed);
  expect([status, body.code, body.request_id]).toEqual([408, 'request_timeout', 'id']);
  expect(head).toMatch('connection: close');
  expect([await server.refusals('body_timeout'), server.bodies.bytes()]).toEqual([1, 0]);
});

test('closes a connection that is idle for too long', async () => {
  server = await startServer({ keepAliveMs: 100 });
  const client = openRaw(server.port);
  client.send(rawRequest('POST', '/', 'abc'));
  expect(await client.closed).toMatch(/200 OK[\s\S]*3$/);
  await until('it to be counted', async () => (await server.refusals('idle')) === 1);
});

test('cuts a client that does not read its answer', async () => {
  const answer = () => Buffer.alloc(50_000_000);
  server = await startServer({ unreadMs: 300 }, { answer });
  const client = openRaw(server.port);
  client.socket.pause();
  client.send(rawRequest('POST', '/', 'abc'));
  await until('it to be cut', async () => (await server.refusals('answer_not_read')) === 1);
  await until('its memory to be free', () => server.bodies.bytes() === 0);
  client.socket.destroy();
});

test('refuses a head that is too large with 431', async () => {
  server = await startServer();
  const client = openRaw(server.port);
  client.send(rawRequest('GET', '/', '', { 'x-long': 'x'.repeat(100_000) }));
  const { status, body } = parse(await client.closed);
  expect([status, body.code, await server.refusals('head_too_large')]).toEqual([431, 'head_too_large', 1]);
});

test.each(['hello\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1x\r\n\r\n'])(
  'refuses what is no request with 400: %j',
  async (text) => {
    server = await startServer();
    const client = openRaw(server.port);
    client.send(text);
    const { status, head, body } = parse(await client.closed);
    expect([status, body.code, await server.refusals('malformed_request')]).toEqual([400, 'malformed_request', 1]);
    expect(head).toMatch('connection: close');
  },
);

test('refuses a body in broken chunks with 400', async () => {
  server = await startServer();
  const client = openRaw(server.port);
  client.send('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n');
  const { status, body } = parse(await client.closed);
  expect([status, body.code, await server.refusals('malformed_request')]).toEqual([400, 'malformed_request', 1]);
});

test('answers a whole request although garbage follows it', async () => {
  server = await startServer();
  const open = server.hold();
  const client = openRaw(server.port);
  client.send(`${rawRequest('POST', '/', 'abc')}garbage\r\n\r\n`);
  await until('the garbage to be seen', async () => (await server.refusals('malformed_request')) === 1);
  open();
  const answer = await client.closed;
  expect(answer).toMatch(/^HTTP\/1.1 200 OK/);
  expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1);
});

test('refuses a body that says it is too large before it comes, and takes the next request', async () => {
  server = await startServer();
  const client = openRaw(server.port);
  client.send(rawRequest('POST', '/', '', { 'content-length': '1001' }));
  await client.receives(/^HTTP\/1.1 413[\s\S]*"body_too_large"/);
  client.send(`${'x'.repeat(1_001)}${rawRequest('POST', '/', 'abc', { connection: 'close' })}`);
  expect(await client.closed).toMatch(/HTTP\/1.1 200 OK[\s\S]*3$/);
  expect(await server.refusals('body_too_large')).toBe(1);
});

test('asks for a body that is expected to be asked for, unless it would be refused', async () => {
  server = await startServer();
  const [taken, refused] = [openRaw(server.port), openRaw(server.port)];
  taken.send(rawRequest('POST', '/', '', { 'content-length': '3', expect: '100-continue' }));
  await taken.receives(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
  taken.send('abc');
  await taken.receives(/200 OK[\s\S]*3$/);
  refused.send(rawRequest('POST', '/', '', { 'content-length': '1001', expect: '100-continue' }));
  expect(await refused.closed).toMatch(/^HTTP\/1.1 413[\s\S]*connection: close/i);
  taken.socket.destroy();
});

test('refuses bodies with 503 before they come while slow ones hold the memory, but not small ones', async () => {
  server = await startServer({}, { maxBytes: 4_000_000, totalBytes: 16_000_000 });
  const slow = Array.from({ length: 90 }, () => openRaw(server.port));
  for (const client of slow) client.send(rawRequest('POST', '/', 'x', { 'content-length': '4000000' }));
  const refused = () => slow.filter((client) => /^HTTP\/1.1 503/.test(client.received()));
  await until('the others to be refused', () => refused().length === 87);
  expect(refused()[0]!.received()).toMatch(/retry-after: 1\r\n[\s\S]*"code":"overloaded"/i);
  expect(server.bodies.bytes()).toBe(12_000_000);
  expect(await server.refusals('bodies_full')).toBe(87);
  const small = openRaw(server.port);
  small.send(rawRequest('POST', '/', 'abc', { connection: 'close' }));
  expect(await small.closed).toMatch(/200 OK[\s\S]*3$/);
  for (const client of slow) client.socket.destroy();
  await until('the memory to be free', () => server.bodies.bytes() === 0);
  expect(await server.refusals('client_gone')).toBe(3);
});

test('counts chunked bodies as they come', async () => {
  server = await startServer({}, { maxBytes: 200_000, totalBytes: 200_000 });
  const chunked = 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n';
  const chunk = `${(50_000).toString(16)}\r\n${'x'.repeat(50_000)}\r\n`;
  const [first, second] = [openRaw(server.port), openRaw(server.port)];
  first.send(chunked + chunk + chunk);
  await until('it to be read', () => server.bodies.bytes() === 100_000);
  second.send(chunked + chunk + chunk);
  await second.receives(/^HTTP\/1.1 503[\s\S]*"overloaded"/);
  expect(server.bodies.bytes()).toBe(100_000);
  first.send('0\r\n\r\n');
  await first.receives(/200 OK[\s\S]*100000/);
  second.send(`0\r\n\r\n${rawRequest('POST', '/', 'abc')}`);
  await second.receives(/HTTP\/1.1 200 OK[\s\S]*3$/);
  expect(server.bodies.bytes()).toBe(0);
  for (const client of [first, second]) client.socket.destroy();
});

test('refuses connections beyond the limit with 503, answers probes there, and drops what is far beyond', async () => {
  server = await startServer({ maxConnections: 10 });
  const within = Array.from({ length: 10 }, () => openRaw(server.port));
  for (const client of within) client.send(rawRequest('POST', '/', 'abc'));
  for (const client of within) await client.receives(/200 OK/);
  const beyond = openRaw(server.port);
  beyond.send(rawRequest('POST', '/', 'abc'));
  const { status, head, body } = parse(await beyond.closed);
  expect([status, body.code, body.error]).toEqual([503, 'overloaded', body.detail]);
  expect(head).toMatch(/retry-after: 1[\s\S]*connection: close/);
  const probe = openRaw(server.port);
  probe.send(rawRequest('GET', '/v2/health/live'));
  expect(await probe.closed).toMatch(/200 OK[\s\S]*connection: close/i);
  const silent = [openRaw(server.port), openRaw(server.port)];
  const [dropped] = [openRaw(server.port), ...silent];
  await dropped!.closed;
  expect(await server.refusals('connection_dropped')).toBeGreaterThanOrEqual(1);
  expect(await server.refusals('too_many_connections')).toBe(1);
  for (const client of [...within, ...silent]) client.socket.destroy();
});

test('answers thousands of pipelined requests in order, and others beside them', async () => {
  server = await startServer();
  const client = openRaw(server.port);
  const lengths = Array.from({ length: 5_000 }, (_, i) => i % 900);
  client.send(lengths.map((length) => rawRequest('POST', '/', 'x'.repeat(length))).join(''));
  const other = openRaw(server.port);
  other.send(rawRequest('POST', '/', 'abc', { connection: 'close' }));
  expect(await other.closed).toMatch(/200 OK[\s\S]*3$/);
  await until('all answers', () => (client.received().match(/HTTP\/1.1 200/g)?.length ?? 0) === 5_000);
  const bodies = client
    .received()
    .split('HTTP/1.1 200 OK')
    .slice(1)
    .map((text) => Number(text.split('\r\n\r\n')[1]));
  expect(bodies).toEqual(lengths);
  client.socket.destroy();
});

test('at the end takes requests of open connections for a while, each answer the last of its connection', async () => {
  server = await startServer();
  const open = server.hold();
  const [busy, idle, silent] = [openRaw(server.port), openRaw(server.port), openRaw(server.port)];
  busy.send(rawRequest('POST', '/', 'abc'));
  await until('the request to wait', () => server.handled() === 1);
  const drained = server.http.drain({ lameDuckMs: 2_000, patienceMs: 5_000, deaf: false });
  open();
  expect(await busy.closed).toMatch(/200 OK[\s\S]*connection: close[\s\S]*3$/i);
  idle.send(rawRequest('POST', '/', 'abcd'));
  expect(await idle.closed).toMatch(/200 OK[\s\S]*connection: close[\s\S]*4$/i);
  const late = openRaw(server.port);
  late.send(rawRequest('POST', '/', 'abcde'));
  expect(await late.closed).toMatch(/200 OK[\s\S]*connection: close[\s\S]*5$/i);
  await drained;
  expect(await silent.closed).toBe('');
  expect(await openRaw(server.port).closed).toBe('');
});

test('cuts what is not answered in time at the end', async () => {
  server = await startServer();
  server.hold();
  const client = openRaw(server.port);
  client.send(rawRequest('POST', '/', 'abc'));
  await until('the request to wait', () => server.handled() === 1);
  await server.http.drain({ lameDuckMs: 0, patienceMs: 100, deaf: true });
  expect(await client.closed).toBe('');
});
