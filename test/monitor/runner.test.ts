import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createRunMetrics } from '../../monitor/metrics/run-metrics.js';
import { createRunner } from '../../monitor/runner.js';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function runnerOf(pass: () => Promise<string[]>) {
  const registry = new Registry();
  const metrics = createRunMetrics(registry);
  const runner = createRunner({ pass, clock: () => new Date(1_700_000_000_500), logger: silent, metrics });
  const lines = async () => (await registry.metrics()).split('\n').filter((line) => /^monitor_(runs|last)/.test(line));
  return { runner, lines };
}

test('before the first run, outcomes are at zero and there is no last success', async () => {
  const { lines } = runnerOf(async () => []);
  expect(await lines()).toEqual([
    'monitor_runs_total{outcome="success"} 0',
    'monitor_runs_total{outcome="failure"} 0',
    'monitor_runs_total{outcome="skipped"} 0',
  ]);
});

test('a run in which no model failed is the last success', async () => {
  const { runner, lines } = runnerOf(async () => []);
  expect(await runner.run()).toBe('success');
  expect(await lines()).toEqual([
    'monitor_runs_total{outcome="success"} 1',
    'monitor_runs_total{outcome="failure"} 0',
    'monitor_runs_total{outcome="skipped"} 0',
    'monitor_last_success_timestamp_seconds 1700000000.5',
  ]);
});

test.each([
  ['in which a model failed', async () => ['wine']],
  ['that throws', () => Promise.reject(new Error('no database'))],
])('a run %s is a failure, and the next one runs', async (_, pass) => {
  const { runner, lines } = runnerOf(pass);
  expect(await runner.run()).toBe('failure');
  expect(await runner.run()).toBe('failure');
  expect(await lines()).toContain('monitor_runs_total{outcome="failure"} 2');
  expect((await lines()).join()).not.toContain('last_success');
});

test('a run that is due while one is under way is skipped and counted', async () => {
  let finish = (_: string[]): void => undefined;
  let passes = 0;
  const { runner, lines } = runnerOf(() => {
    passes++;
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  const first = runner.run();
  expect(await runner.run()).toBe('skipped');
  finish([]);
  expect(await first).toBe('success');
  await runner.idle();
  expect(passes).toBe(1);
  expect(await lines()).toContain('monitor_runs_total{outcome="skipped"} 1');
});
