import { Counter, Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createTalliedCounter, createTalliedHistogram } from '../../../service/metrics/tally.js';

const config = { name: 'seconds', help: 'h', labelNames: ['a', 'b'], buckets: [0.125, 1, 10] };
// Exact in binary, so that sums do not depend on their order.
const VALUES = [0, 0.0625, 0.125, 0.1875, 1, 9, 10, 10.5, 1e6];

test('a histogram reads as one that was observed call by call, at each scrape', async () => {
  const [mine, theirs] = [new Registry(), new Registry()];
  const tallied = createTalliedHistogram({ ...config, registers: [mine] });
  const plain = new Histogram({ ...config, registers: [theirs] });
  const tallies = [tallied.bind('x', 'y'), tallied.bind('x', 'z')];
  plain.zero({ a: 'x', b: 'y' });
  plain.zero({ a: 'x', b: 'z' });
  for (let scrape = 0; scrape < 3; scrape++) {
    for (const [i, value] of VALUES.entries()) {
      tallies[i % 2]!(value);
      plain.labels('x', i % 2 === 0 ? 'y' : 'z').observe(value);
    }
    expect(await mine.metrics()).toBe(await theirs.metrics());
    expect(await mine.getMetricsAsJSON()).toEqual(await theirs.getMetricsAsJSON());
  }
});

test('a counter reads as one that was counted call by call, and labels bound twice share a series', async () => {
  const [mine, theirs] = [new Registry(), new Registry()];
  const tallied = createTalliedCounter({ name: 'c', help: 'h', labelNames: ['a'], registers: [mine] });
  const plain = new Counter({ name: 'c', help: 'h', labelNames: ['a'], registers: [theirs] });
  const [first, second] = [tallied.bind('x'), tallied.bind('x')];
  plain.labels('x').inc(0);
  expect(await mine.metrics()).toBe(await theirs.metrics());
  first(2);
  second(3);
  plain.labels('x').inc(5);
  expect(await mine.metrics()).toBe(await theirs.metrics());
});

test('a series that is removed is gone, and is at zero when it is bound again', async () => {
  const registry = new Registry();
  const histogram = createTalliedHistogram({ ...config, registers: [registry] });
  const counter = createTalliedCounter({ name: 'c', help: 'h', labelNames: ['a'], registers: [registry] });
  const [late, old] = [histogram.bind('x', 'y'), counter.bind('x')];
  histogram.remove('x', 'y');
  counter.remove('x');
  late(1);
  old(1);
  expect(await registry.metrics()).not.toContain('"x"');
  histogram.bind('x', 'y');
  counter.bind('x')(4);
  expect(await registry.metrics()).toContain('seconds_count{a="x",b="y"} 0');
  expect(await registry.metrics()).toContain('c{a="x"} 4');
});
