import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { compiledPath } from '../../core/package-path.js';
import { isRunning } from '../helpers/processes.js';
import {
  ask,
  childrenOf,
  countStored,
  createServicePlace,
  type ServicePlace,
  type ServiceProcess,
  startLoad,
  startServiceProcess,
} from '../helpers/service-process.js';
import { until } from '../helpers/until.js';
import { flowers, promote } from '../service/models.js';

let place: ServicePlace;
let service: ServiceProcess;
beforeAll(async () => {
  place = await createServicePlace();
  await promote(place.pool, await flowers());
});
afterEach(async () => {
  if (isRunning(service.pid)) await service.end();
});
afterAll(() => place.remove());

const WORKERS = 2;
const start = async (environment: Record<string, string> = {}): Promise<void> => {
  service = await startServiceProcess(place, { SERVICE_WORKERS: String(WORKERS), ...environment });
};
const workers = (): number[] => childrenOf(service.pid);

function seriesValue(metrics: string, series: string): number {
  const line = metrics.split('\n').find((each) => each.startsWith(`${series} `));
  if (line === undefined) throw new Error(`${series} is not in the metrics`);
  return Number(line.split(' ')[1]);
}

const ACCEPTED = 'capture_rows_total{result="accepted"}';

async function assertBalance(): Promise<void> {
  await until('the spool to be empty', async () => /^capture_spooled_rows 0$/m.test(await service.metrics()), 30_000);
  const metrics = await service.metrics();
  const rows = (result: string): number => seriesValue(metrics, `capture_rows_total{result="${result}"}`);
  expect(rows('accepted') + rows('adopted')).toBe(rows('stored') + rows('duplicate') + rows('rejected') + rows('left'));
}

test('workers share the port, and /metrics is that of all of them as if they were one', async () => {
  await start();
  expect(workers()).toHaveLength(WORKERS);
  const load = startLoad(service.port);
  await until('predictions', () => load.acknowledged.length > 200);
  await load.stop();
  const metrics = await service.metrics();
  const ok = 'inference_requests_total{model_name="flowers",model_version="1",outcome="ok"}';
  expect(seriesValue(metrics, ok)).toBe(load.acknowledged.length);
  expect(seriesValue(metrics, ACCEPTED)).toBe(load.acknowledged.length);
  expect(seriesValue(metrics, 'model_info{model_name="flowers",model_version="1"}')).toBe(1);
  expect(seriesValue(metrics, 'service_workers')).toBe(WORKERS);
  expect(metrics.match(/^# TYPE capture_rows_total /gm)).toHaveLength(1);
  expect(load.failures).toEqual([]);
  await assertBalance();
  expect(await service.end()).toBe(0);
  const { stored, distinct } = await countStored(place.pool, load.acknowledged);
  expect([stored, distinct]).toEqual([load.acknowledged.length, load.acknowledged.length]);
});

test('a killed worker is replaced, nothing acknowledged is lost, and counters do not go back', async () => {
  await start();
  const load = startLoad(service.port);
  await until('predictions', () => load.acknowledged.length > 200);
  const [killed, other] = workers();
  const before = seriesValue(await service.metrics(), ACCEPTED);
  process.kill(killed!, 'SIGKILL');
  const counts: number[] = [];
  await until('a new worker to be ready', async () => {
    counts.push(seriesValue(await service.metrics(), ACCEPTED));
    return workers().length === WORKERS && !workers().includes(killed!) && (await service.isReady());
  });
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect(counts[0]).toBeGreaterThanOrEqual(before);
  expect(workers()).toContain(other);
  const after = load.acknowledged.length;
  await until('more predictions', () => load.acknowledged.length > after + 100);
  await load.stop();
  // The connections of the killed worker broke, one request each at most.
  expect(load.failures.length).toBeLessThanOrEqual(8);
  expect(seriesValue(await service.metrics(), ACCEPTED)).toBeGreaterThan(before);
  expect(seriesValue(await service.metrics(), 'service_worker_ends_total{reason="died"}')).toBe(1);
  const { stored, distinct } = await countStored(place.pool, load.acknowledged);
  expect(distinct).toBe(load.acknowledged.length);
  expect(stored).toBe(distinct);
  await assertBalance();
  expect(service.output()).toContain('a worker has ended, starting another');
});

test('is not ready while a worker is missing', async () => {
  await start();
  for (let i = 0; i < 3; i++) {
    const [worker] = workers();
    process.kill(worker!, 'SIGKILL');
    await until('the service not to be ready', async () => !(await service.isReady()));
    await until('the service to be ready', () => service.isReady());
  }
});

test('SIGUSR2 replaces every worker without a failed request', async () => {
  await start();
  const load = startLoad(service.port, 12);
  await until('predictions', () => load.acknowledged.length > 100);
  const before = workers();
  const accepted = seriesValue(await service.metrics(), ACCEPTED);
  service.child.kill('SIGUSR2');
  await until(
    'all workers to be others',
    async () => workers().length === WORKERS && workers().every((pid) => !before.includes(pid)),
    60_000,
  );
  const after = load.acknowledged.length;
  await until('more predictions', () => load.acknowledged.length > after + 100);
  await load.stop();
  expect(load.failures).toEqual([]);
  expect(await service.isReady()).toBe(true);
  const metrics = await service.metrics();
  expect(seriesValue(metrics, ACCEPTED)).toBeGreaterThan(accepted);
  expect(seriesValue(metrics, ACCEPTED)).toBe(load.acknowledged.length);
  await assertBalance();
});

test('SIGTERM: not ready at once, requests are taken a little longer, all is answered and stored, all processes end', async () => {
  await start({ SERVICE_LAME_DUCK_MS: '5000' });
  const load = startLoad(service.port);
  await until('predictions', () => load.acknowledged.length > 100);
  const pids = workers();
  const ended = once(service.child, 'exit');
  service.child.kill('SIGTERM');
  await until('the service not to be ready', async () => !(await service.isReady()), 4_000);
  const notReady = load.acknowledged.length;
  await until('requests to be taken still', () => load.acknowledged.length > notReady + 20, 4_000);
  expect(load.failures).toEqual([]);
  await load.stop();
  expect((await ended)[0]).toBe(0);
  expect(pids.filter(isRunning)).toEqual([]);
  const { stored } = await countStored(place.pool, load.acknowledged);
  expect(stored).toBe(load.acknowledged.length);
});

test('workers do not outlive a primary that is killed', async () => {
  await start();
  const pids = workers();
  service.child.kill('SIGKILL');
  await until('the workers to end', () => pids.filter(isRunning).length === 0);
  await expect(ask(service.port, { path: '/v2/health/live' })).rejects.toThrow();
});

test('a taken port is one readable message and a failure', async () => {
  await start();
  const second = startServiceProcess(place, { SERVICE_WORKERS: '2', SERVICE_PORT: String(service.port) });
  const taken = await second;
  await until('the second to end', () => taken.child.exitCode !== null);
  expect(taken.child.exitCode).toBe(1);
  expect(taken.output()).toContain(`port ${service.port} on 127.0.0.1 is taken by another program`);
});

test('every worker lets a key in once it is added, and refuses it once it is revoked', async () => {
  await start({ SERVICE_API_KEYS: 'required' });
  const keys = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, DATABASE_URL: place.databaseUrl };
    return (await promisify(execFile)(process.execPath, [compiledPath('cli/main.js'), 'keys', ...args], { env }))
      .stdout;
  };
  const body = JSON.stringify({ instances: [{ length: 7, width: 2, depth: 1 }] });
  // A connection each, so that both workers are asked.
  const statuses = async (key: string): Promise<number[]> => {
    const headers = { 'content-type': 'application/json', connection: 'close', 'x-api-key': key };
    const url = `http://127.0.0.1:${service.port}/v1/models/flowers/predict`;
    const post = async (): Promise<number> => (await fetch(url, { method: 'POST', headers, body })).status;
    return [...new Set(await Promise.all(Array.from({ length: 20 }, post)))];
  };
  const key = (await keys('add', 'client', '--expires', '2100-01-01')).trim();
  await until('the key to be let in everywhere', async () => (await statuses(key)).join() === '200');
  expect(await keys('list')).toMatch(/^client {2}plk_[0-9a-f]{16}_… {2}made \S+ {2}in force until 2100-01-01/);
  await keys('revoke', 'client');
  await until('the key to be refused everywhere', async () => (await statuses(key)).join() === '401');
});
