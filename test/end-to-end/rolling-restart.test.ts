import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBalancer } from '../helpers/balancer.js';
import {
  childrenOf,
  countStored,
  createServicePlace,
  type ServicePlace,
  startLoad,
  startServiceProcess,
} from '../helpers/service-process.js';
import { createStackPlace, plumbline } from '../helpers/stack.js';
import { until } from '../helpers/until.js';
import { flowers, promote } from '../service/models.js';

let place: ServicePlace;
beforeAll(async () => {
  place = await createServicePlace();
  await promote(place.pool, await flowers());
});
afterAll(() => place.remove());

test('two services behind a balancer are restarted one after the other without a failed request', async () => {
  const services = [await startServiceProcess(place), await startServiceProcess(place)];
  const ports = services.map(({ port }) => port);
  const balancer = await startBalancer(ports, 50);
  await until('both to be ready', () => balancer.ready().length === 2);
  const load = startLoad(balancer.port, 16);
  await until('predictions', () => load.acknowledged.length > 200);
  for (const [i, port] of ports.entries()) {
    expect(await services[i]!.end()).toBe(0);
    const before = load.acknowledged.length;
    await until('the other to answer', () => load.acknowledged.length > before + 100);
    services[i] = await startServiceProcess(place, { SERVICE_PORT: String(port) });
    await until('both to be ready', () => balancer.ready().length === 2);
  }
  const before = load.acknowledged.length;
  await until('both to answer', () => load.acknowledged.length > before + 200);
  await load.stop();
  await balancer.close();
  expect(load.failures).toEqual([]);
  for (const service of services) expect(await service.end()).toBe(0);
  const { stored, distinct } = await countStored(place.pool, load.acknowledged);
  expect([stored, distinct]).toEqual([load.acknowledged.length, load.acknowledged.length]);
});

test('plumbline up starts the service with as many workers as it is told', async () => {
  const home = await createStackPlace();
  const environment = { ...home.environment, SERVICE_WORKERS: '2' };
  const up = plumbline(['up', '--example', 'none'], environment);
  await until('the stack to be ready', () => /ready\n/.test(up.output()), 120_000);
  const service = childrenOf(up.child.pid!).filter((pid) => childrenOf(pid).length === 2);
  expect(service).toHaveLength(1);
  up.child.kill('SIGTERM');
  expect(await up.ended).toBe(0);
  await home.remove();
});
