import { afterEach, expect, test } from 'vitest';
import { openRaw, rawRequest } from '../../helpers/raw-client.js';
import { until } from '../../helpers/until.js';
import { bodyOf, createGate, startPath } from './fixture.js';

type Path = Awaited<ReturnType<typeof startPath>>;

let path: Path;
afterEach(() => path.close());

/** Sends a request that the model is busy with until `open` is called. */
async function startBusy(options: Partial<Parameters<typeof startPath>[0]> = {}) {
  const gate = createGate();
  path = await startPath({ run: gate.pass, ...options });
  const first = path.send();
  await until('the model to be busy', () => path.runs.length === 1);
  return { first, open: gate.open };
}

async function waitsFor(requests: number, longerThanMs = 0): Promise<void> {
  await until('the requests to wait', () => path.validated() === requests);
  const end = performance.now() + longerThanMs;
  await until('time to pass', () => performance.now() > end);
}

async function closesOne(client: ReturnType<typeof openRaw>): Promise<void> {
  client.socket.destroy();
  await until('the end of the connection to be seen', async () =>
    /^http_open_connections 1$/m.test(await path.metrics()),
  );
}

test('a request whose deadline passed while it waited is refused, takes no inference, and is counted', async () => {
  const { first, open } = await startBusy();
  const late = path.send(3, { 'x-request-timeout-ms': '200' });
  const waiting = path.send(2);
  await waitsFor(3, 201);
  open();
  const response = await late;
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await response.json()).toMatchObject({ code: 'deadline_exceeded' });
  expect([(await first).status, (await waiting).status]).toEqual([200, 200]);
  expect([path.runs, path.captured.length]).toEqual([[1, 2], 2]);
  const text = await path.metrics();
  expect(text).toMatch('http_refusals_total{reason="deadline_exceeded"} 1');
  expect(text).toMatch('outcome="deadline_exceeded"} 1');
  expect(text).toMatch('capture_rows_total{result="refused"} 3');
  expect(path.admission.waiting()).toBe(0);
});

test('a client cannot make the deadline of the service longer', async () => {
  const { first, open } = await startBusy({ deadlineMs: 500 });
  const late = path.send(1, { 'x-request-timeout-ms': '60000' });
  await waitsFor(2, 501);
  open();
  expect((await late).status).toBe(503);
  expect((await first).status).toBe(200);
});

test('a timeout that is no whole number of milliseconds is refused', async () => {
  path = await startPath({ run: async () => undefined });
  for (const bad of ['soon', '0', '-1', '1.5', '1e3']) {
    const response = await path.send(1, { 'x-request-timeout-ms': bad });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(`x-request-timeout-ms is \\"${bad}\\", wanted whole milliseconds`);
  }
  expect((await path.send(1, { 'x-request-timeout-ms': '60000' })).status).toBe(200);
  expect(path.runs).toEqual([1]);
});

test.each(['destroy', 'end'] as const)(
  'a client that disconnects while it waits (%s) takes no inference, and nothing of it is recorded',
  async (how) => {
    const { first, open } = await startBusy();
    const gone = openRaw(path.port);
    gone.send(rawRequest('POST', '/v1/models/m/predict', bodyOf(3)));
    await waitsFor(2);
    gone.socket[how]();
    await closesOne(gone);
    open();
    expect((await first).status).toBe(200);
    await until('it to be counted', async () => (await path.metrics()).includes('reason="client_gone"} 1'));
    expect([path.runs, path.captured.length, path.admission.waiting()]).toEqual([[1], 1, 0]);
    expect(await path.metrics()).toMatch(/status_code="499"\} 1/);
  },
);

test('a client that disconnects after its inference is recorded', async () => {
  const gate = createGate();
  const recorded: number[] = [];
  path = await startPath({
    run: async () => undefined,
    record: async ({ ids }) => {
      await gate.pass();
      recorded.push(ids.length);
    },
  });
  const stays = path.send();
  const gone = openRaw(path.port);
  gone.send(rawRequest('POST', '/v1/models/m/predict', bodyOf(3)));
  await until('both to be inferred', () => path.runs.reduce((sum, rows) => sum + rows, 0) === 4);
  await closesOne(gone);
  gate.open();
  await until('both to be recorded', () => recorded.length === 2);
  expect((await stays).status).toBe(200);
  expect(await path.metrics()).toMatch('http_refusals_total{reason="client_gone"} 0');
});

test('a client that disconnects in the middle of its body is counted, and nothing is done for it', async () => {
  path = await startPath({ run: async () => undefined });
  const gone = openRaw(path.port);
  gone.send(rawRequest('POST', '/v1/models/m/predict', '{', { 'content-length': '10' }));
  await until('the request to begin', async () => /^http_body_bytes 10$/m.test(await path.metrics()));
  gone.socket.destroy();
  await until('it to be counted', async () => (await path.metrics()).includes('reason="client_gone"} 1'));
  expect(await path.metrics()).toMatch(/^http_body_bytes 0$/m);
  expect(path.validated()).toBe(0);
});
