import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { until } from '../../helpers/until.js';
import { CLIENTS, type CrashStack, createCrashStack, type Load } from './crash-stack.js';

let stack: CrashStack;
beforeAll(async () => {
  stack = await createCrashStack();
});
afterAll(() => stack.remove());

/** Waits for more answers than there were. */
async function moreAnswers(load: Load, what: string, more: number): Promise<void> {
  const before = load.acknowledged.length;
  await until(what, () => load.acknowledged.length > before + more);
}

test('the service killed at twenty random moments under load', async () => {
  const random = createRandom(20);
  const load = stack.startLoad();
  const kills = 20;
  for (let kill = 0; kill < kills; kill++) {
    await stack.startService();
    await moreAnswers(load, 'answers', CLIENTS);
    await delay(random.next() * 300);
    expect(await stack.endService('SIGKILL')).toBe(null);
  }
  await stack.startService();
  await load.stop();
  expect([...load.statuses].filter((status) => status !== 503)).toEqual([200]);
  expect(load.acknowledged.length).toBeGreaterThan(kills * CLIENTS);
  await stack.assertKept(load.acknowledged, kills);
});

test('Postgres killed three times under load, and started again', async () => {
  const load = stack.startLoad();
  for (let kill = 0; kill < 3; kill++) {
    await moreAnswers(load, 'answers', 200);
    await stack.killPostgres();
    await moreAnswers(load, 'answers without Postgres', 200);
    await stack.startPostgres();
  }
  await load.stop();
  expect([...load.statuses]).toEqual([200]);
  await stack.assertKept(load.acknowledged);
});

test('both killed', async () => {
  const load = stack.startLoad();
  await moreAnswers(load, 'answers', 200);
  await stack.killPostgres();
  await moreAnswers(load, 'answers without Postgres', 200);
  await stack.endService('SIGKILL');
  await load.stop();
  await stack.startPostgres();
  await stack.startService();
  await stack.assertKept(load.acknowledged, 1);
});

test('a service that is told to end while Postgres is away leaves its rows for the next one', async () => {
  const load = stack.startLoad();
  await moreAnswers(load, 'answers', 200);
  await stack.killPostgres();
  await moreAnswers(load, 'answers without Postgres', 200);
  await load.stop();
  expect(await stack.endService('SIGTERM')).toBe(0);
  await stack.startPostgres();
  await stack.startService();
  await stack.assertKept(load.acknowledged);
});
