import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../traffic/clock.js';
import { addTrafficOptions, type TrafficOptions } from '../../traffic/options.js';
import type { TrafficReport } from '../../traffic/report.js';
import { runTraffic } from '../../traffic/run-traffic.js';
import { sumOf } from '../../traffic/tally.js';
import type { TestRow } from '../../traffic/test-rows.js';
import { type FakeService, startFakeService } from './fake-service.js';
import { prepareWine, wineModel } from './wine-model.js';

let wine: { folder: string; test: TestRow[] };
let service: FakeService;

beforeAll(async () => {
  wine = await prepareWine();
});
beforeEach(async () => {
  service = await startFakeService(wineModel);
});
afterEach(() => service.close());

function optionsOf(...args: string[]): TrafficOptions {
  const fixed = ['--model', 'wine-quality', '--rows', join(wine.folder, 'test.csv'), '--url', service.url];
  const rest = ['--outcomes-delay', '0', ...args];
  return addTrafficOptions(new Command())
    .exitOverride()
    .parse([...fixed, ...rest], { from: 'user' })
    .opts();
}

async function run(args: string[], signal = new AbortController().signal): Promise<TrafficReport> {
  const sink = (): PassThrough => new PassThrough().resume();
  const report = await runTraffic(optionsOf(...args), { clock: systemClock, signal, output: sink(), progress: sink() });
  return report!;
}

function expectBalance(report: TrafficReport): void {
  expect(report.sent).toBe(report.acknowledged + report.refused + report.failed);
  expect(report.refused).toBe(sumOf(report.refusedByStatus));
  expect(report.failed).toBe(sumOf(report.failedByReason));
  expect(report.acknowledged).toBe(sumOf(report.versions));
}

describe('runTraffic', () => {
  it('sends exactly the rows asked for, in batches, with every outcome, and reports them', async () => {
    const [ids, file] = [join(wine.folder, 'ids.txt'), join(wine.folder, 'report.json')];
    const report = await run(['--count', '103', '--batch', '10', '--rate', 'max', '--ids', ids, '--report', file]);
    expect(report).toMatchObject({ sent: 103, acknowledged: 103, refused: 0, failed: 0, outcomesSent: 103 });
    expect(report.versions).toEqual({ 'wine-quality/1': 103 });
    expect(service.requestRows.toSorted((a, b) => a - b)).toEqual([3, ...Array.from({ length: 10 }, () => 10)]);
    expect(report.latencyMs.p99).toBeGreaterThanOrEqual(report.latencyMs.p50!);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(report);
    const written = (await readFile(ids, 'utf8')).trimEnd().split('\n');
    expect(written.toSorted()).toEqual([...service.predictions.keys()].toSorted());
  });

  it('tells the true target of each prediction', async () => {
    await run(['--count', '60', '--batch', '7', '--rate', 'max']);
    expect(service.outcomes).toHaveLength(60);
    for (const { prediction_id, actual } of service.outcomes) {
      const sent = service.predictions.get(prediction_id);
      const same = wine.test.filter((row) => JSON.stringify(row.instance) === JSON.stringify(sent));
      expect(same.map((row) => row.target)).toContain(actual);
    }
  });

  it('tells the share of outcomes asked for, and none with --no-outcomes', async () => {
    const share = await run(['--count', '400', '--batch', '20', '--rate', 'max', '--outcomes-share', '0.25']);
    // Four standard deviations of a binomial with n = 400, p = 0.25.
    expect(Math.abs(share.outcomesSent - 100)).toBeLessThan(4 * Math.sqrt(400 * 0.25 * 0.75));
    expect(service.outcomes).toHaveLength(share.outcomesSent);
    expect(await run(['--count', '20', '--rate', 'max', '--no-outcomes'])).toMatchObject({ outcomesSent: 0 });
  });

  it('holds the rate', async () => {
    const startedAt = performance.now();
    await run(['--count', '60', '--rate', '100', '--batch', '5']);
    const seconds = (performance.now() - startedAt) / 1000;
    // The last of 12 requests is due 0.55 s after the first.
    expect(seconds).toBeGreaterThan(0.5);
    expect(seconds).toBeLessThan(3);
  });

  it('sends a 503 and a 429 again after Retry-After and counts the rows once', async () => {
    service.behave = (kind, request) =>
      kind === 'predict' && request < 4 ? { status: request % 2 ? 429 : 503, retryAfter: '0' } : 'answer';
    const report = await run(['--count', '30', '--batch', '10', '--rate', 'max', '--concurrency', '1']);
    expect(report).toMatchObject({ sent: 30, acknowledged: 30, refused: 0, retries: 4 });
    expectBalance(report);
  });

  it('waits as long as Retry-After says', async () => {
    service.behave = (_, request) => (request === 0 ? { status: 503, retryAfter: '1' } : 'answer');
    const startedAt = performance.now();
    await run(['--count', '1', '--rate', 'max', '--no-outcomes']);
    expect(performance.now() - startedAt).toBeGreaterThan(990);
  });

  it('gives up after the retries and counts the rows as refused', async () => {
    service.behave = (kind) => (kind === 'predict' ? { status: 503, retryAfter: '0' } : 'answer');
    const report = await run(['--count', '20', '--batch', '10', '--rate', 'max', '--retries', '2']);
    expect(report).toMatchObject({ sent: 20, acknowledged: 0, refused: 20, refusedByStatus: { 503: 20 }, retries: 4 });
    expect(service.requestRows).toHaveLength(6);
    expectBalance(report);
  });

  it('counts a mix of answers, refusals, cut lines and nonsense exactly', async () => {
    service.behave = (kind, request) => {
      if (kind === 'outcomes') return 'answer';
      const others: Record<number, Awaited<ReturnType<FakeService['behave']>>> = {
        1: { status: 400 },
        2: 'cut',
        3: { status: 200, body: 'not JSON' },
        4: { status: 200, body: '{"predictions": [], "model": {"name": "x", "version": 1}}' },
        5: { status: 500 },
      };
      if (request === 20) service.version = 2;
      return others[request % 10] ?? 'answer';
    };
    const report = await run(['--count', '400', '--batch', '10', '--rate', 'max', '--concurrency', '3']);
    expectBalance(report);
    expect(report).toMatchObject({ sent: 400, acknowledged: 200, refusedByStatus: { 400: 40, 500: 40 }, failed: 120 });
    expect(report.failedByReason['answer not understood']).toBe(80);
    expect(service.predictions.size).toBe(report.acknowledged);
    expect(report.versions['wine-quality/2']).toBeGreaterThan(0);
    expect(report.outcomesSent).toBe(200);
  });

  it('goes on when the service goes away in the middle', async () => {
    service.behave = (kind, request) => {
      if (kind === 'predict' && request === 5) void service.close();
      return 'answer';
    };
    const report = await run(['--count', '12', '--rate', 'max', '--concurrency', '2', '--no-outcomes']);
    expectBalance(report);
    expect(report.sent).toBe(12);
    expect(report.failedByReason.ECONNREFUSED).toBeGreaterThan(0);
    service = await startFakeService(wineModel);
  });

  it('ends in good order when told to: answers in flight and outcomes due are counted', async () => {
    const abort = new AbortController();
    service.behave = (kind, request) => {
      if (kind === 'predict' && request === 10) abort.abort();
      return 'answer';
    };
    const report = await run(['--rate', '500'], abort.signal);
    expectBalance(report);
    expect(report.acknowledged).toBe(service.predictions.size);
    expect(report.acknowledged).toBeGreaterThanOrEqual(11);
    expect(report.outcomesSent + report.outcomesNotDue).toBe(report.acknowledged);
    expect(service.outcomes).toHaveLength(report.outcomesSent);
  });

  it('leaves outcomes untold whose time has not come at the end', async () => {
    const abort = new AbortController();
    service.behave = (_, request) => {
      if (request === 10) abort.abort();
      return 'answer';
    };
    const report = await run(['--rate', 'max', '--outcomes-delay', '3600'], abort.signal);
    expect(report).toMatchObject({ outcomesSent: 0, outcomesNotDue: report.acknowledged });
  });

  it('tells outcomes late, when their time has come', async () => {
    const startedAt = Date.now();
    const report = await run(['--count', '5', '--rate', 'max', '--outcomes-delay', '0.4']);
    expect(report.outcomesSent).toBe(5);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(400);
    for (const outcome of service.outcomes)
      expect(Date.parse(outcome.observed_at)).toBeGreaterThanOrEqual(startedAt + 400);
  });

  it('sends outcomes again after a refusal or a cut line', async () => {
    service.behave = (kind, request) => {
      if (kind === 'predict' || request > 1) return 'answer';
      return request === 0 ? { status: 503, retryAfter: '0' } : 'cut';
    };
    expect(await run(['--count', '5', '--rate', 'max', '--batch', '5'])).toMatchObject({ outcomesSent: 5 });
  });

  it('is the same run for the same seed, and another for another', async () => {
    const sentBy = async (seed: string): Promise<unknown> => {
      service.predictions.clear();
      await run(['--count', '50', '--rate', 'max', '--concurrency', '1', '--seed', seed, '--scenario', 'sudden-shift']);
      return [...service.predictions.values()];
    };
    const first = await sentBy('7');
    expect(await sentBy('7')).toEqual(first);
    expect(await sentBy('8')).not.toEqual(first);
  });

  it.each([
    [['--url', 'http://127.0.0.1:9'], /cannot be reached \(ECONNREFUSED\); start the service/],
    [['--url', 'nonsense'], /--url "nonsense" is not an http address/],
    [['--model', 'other'], /\/v1\/models\/other is not known to the service/],
    [['--rows', '/nowhere.csv'], /--rows \/nowhere\.csv does not exist/],
    [['--scenario', 'missing-values'], /scenario missing-values: every feature of the model must have a value/],
    [['--scenario', 'new-category'], /the model has no categorical feature/],
    [['--write-requests', '/tmp/never'], /--write-requests needs --count/],
  ])('says what is wrong before anything is sent: %j', async (args, message) => {
    await expect(run(['--rate', 'max', ...args])).rejects.toThrow(message);
    expect(service.requestRows).toEqual([]);
  });
});
