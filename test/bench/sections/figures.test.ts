import { expect, test } from 'vitest';
import type { OverloadReport } from '../../../bench/load/overload-report.js';
import { chooseSections, SECTION_NAMES } from '../../../bench/sections/all.js';
import { batchesFigures } from '../../../bench/sections/batches/render.js';
import { latencyFigures } from '../../../bench/sections/latency/figures.js';
import { memoryFigures } from '../../../bench/sections/memory/render.js';
import { overloadFigures, renderOverload } from '../../../bench/sections/overload/render.js';
import { shippingFigures } from '../../../bench/sections/shipping/render.js';
import { tracingFigures } from '../../../bench/sections/tracing/render.js';
import { latencyOf, loadOf } from '../fixture.js';

test('sections are chosen by name and kept in order, and a wrong one is told with those there are', () => {
  expect(chooseSections('memory, servers')).toEqual(['servers', 'memory']);
  expect(chooseSections(undefined)).toBe(SECTION_NAMES);
  expect(() => chooseSections('speed')).toThrow(/there is no speed; there are servers, latency/);
});

test('latency: one connection against echo and one run, and p99 against p50 at half of the maximum', () => {
  const [single, paced] = latencyFigures(latencyOf(0.18, 0.1));
  // 0.18 ms against 0.1 ms of the echo + 0.05 ms of the run.
  expect(single!.measured).toBeCloseTo(1.2, 9);
  expect(single!.met).toBe(true);
  expect(paced).toMatchObject({ measured: 2.5, met: true });
});

test('batches: the median of the growths of p99', () => {
  const round = (alone: number, beside: number) => ({
    alone: loadOf(200, alone),
    beside: loadOf(200, beside),
    batches: { requests: 30, refused: 0, seconds: 10 },
  });
  const [figure] = batchesFigures([round(1, 2), round(1, 7), round(1, 20)]);
  // 2.5 times the p50s: 2.5, 15, 47.5 ms more.
  expect(figure).toMatchObject({ measured: 15, met: false });
});

test('overload: a 500, a lost connection or no answer counts against it', () => {
  const overload = (statuses: Record<number, number>) => ({
    maximumRequestsPerSecond: 1_000,
    offeredRequestsPerSecond: 2_000,
    report: {
      due: 100,
      seconds: 10,
      statuses,
      lost: 1,
      unanswered: 0,
      thirdsP99Ms: [1, 2, null],
      connections: 9,
    } satisfies OverloadReport,
    rssBeforeMegabytes: 100,
    rssThirdMegabytes: 110,
    rssEndMegabytes: 111,
    drainSeconds: 0.1,
    afterRequestsPerSecond: 990,
  });
  expect(overloadFigures(overload({ 200: 60, 429: 20, 503: 20 }))[0]).toMatchObject({ measured: 100, met: true });
  expect(overloadFigures(overload({ 200: 60, 500: 9, 503: 30 }))[0]).toMatchObject({ measured: 90, met: false });
  const text = renderOverload(overload({ 200: 60, 500: 9, 503: 30 }));
  expect(text).toContain('| anything else: other status, connection lost, no answer | 10 |');
  expect(text).toContain('| accepted: p99 of each third of the time, ms | 1; 2; none |');
});

test('shipping: the median of the rounds', () => {
  const round = (rowsPerSecond: number) => ({
    rows: 500_000,
    seconds: 6,
    waitSeconds: 1,
    rowsPerSecond,
    cpuUs: 3,
    acknowledged: 500_100,
    stored: 500_100,
  });
  expect(shippingFigures([round(70_000), round(90_000), round(85_000)])[0]).toMatchObject({
    measured: 85_000,
    met: true,
  });
});

test('tracing: the share of the throughput without both, not measured where nothing was traced', () => {
  const variant = (title: string, requestsPerSecond: number, exports: number) => ({
    title,
    rounds: [{ requestsPerSecond, cpuUs: 1e6 / requestsPerSecond, exports }],
  });
  const off = variant('neither', 10_000, 0);
  const [figure] = tracingFigures({ variants: [variant('both', 9_500, 3), variant('metrics', 9_700, 0), off] });
  expect(figure).toMatchObject({ measured: 95, met: true });
  expect(figure!.byCpu).toBeCloseTo(95, 9);
  const [untraced] = tracingFigures({ variants: [variant('both', 9_500, 0), variant('metrics', 9_700, 0), off] });
  expect(untraced).toMatchObject({ measured: undefined, met: undefined });
});

test('memory: growth from the first to the last reading', () => {
  const [swaps, load] = memoryFigures({
    swaps: [
      {
        title: 'models',
        memory: [
          { swaps: 5, megabytes: 150 },
          { swaps: 100, megabytes: 190 },
        ],
        requests: 1,
      },
    ],
    load: [
      { seconds: 120, megabytes: 200 },
      { seconds: 600, megabytes: 230 },
    ],
    loadRequestsPerSecond: 15_000,
  });
  expect(swaps).toMatchObject({ measured: 40, met: true });
  expect(load!.what).toBe('RSS after 10 min of full load, growth since 2 min');
  expect(load!.measured).toBeCloseTo(15, 9);
  expect(load!.met).toBe(false);
});
