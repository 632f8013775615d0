import { expect, test } from 'vitest';
import { composedFloor, serversFigures } from '../../../../bench/sections/servers/figures.js';
import { runMedians } from '../../../../bench/sections/servers/medians.js';
import { resultOf, serversOf } from '../../fixture.js';

const measure = (...results: ReturnType<typeof resultOf>[]) => serversFigures(serversOf(results));

test('the composed floor adds the time of an echo and of a row in a run of 32', () => {
  // 20 µs + 960 / 32 = 30 µs: 50 µs a request.
  expect(composedFloor(50_000, { 32: 960 })).toBeCloseTo(20_000, 6);
});

test('medians of runs are by number of rows', () => {
  expect(runMedians([{ runUs: { 1: 10, 32: 100 } }, { runUs: { 1: 30, 32: 300 } }])).toEqual({ 1: 20, 32: 200 });
});

test('a ratio is that of the medians over the rounds, met from the wanted one on', () => {
  const [insert] = measure(resultOf('plumbline', 9_000, 18_000, 12_000), resultOf('fastapi-insert', 1_000, 2_000));
  expect(insert).toMatchObject({ wanted: '≥ 9 ×', measured: 8, met: false });
  // Medians of 1e6 / rate: 83.3 and 750 µs.
  expect(insert!.byCpu).toBeCloseTo(9, 9);
  const [met] = measure(resultOf('plumbline', 18_000), resultOf('fastapi-insert', 2_000));
  expect(met).toMatchObject({ measured: 9, met: true });
});

test('a ratio at the floor counts the echo and a row of the model', () => {
  const [insert] = measure(resultOf('node-http', 50_000), resultOf('fastapi-insert', 2_000));
  // 500 µs against 20 + 30 µs.
  expect(insert!.atFloor).toBeCloseTo(10, 9);
  expect(insert!.met).toBeUndefined();
});

test('what needs a server that was not measured is neither met nor missed', () => {
  const figures = measure(resultOf('plumbline', 16_000));
  expect(figures).toHaveLength(6);
  for (const figure of figures) expect(figure).toMatchObject({ measured: undefined, met: undefined });
});

test('the share of the floor, in per cent', () => {
  const floor = measure(resultOf('plumbline', 16_000), resultOf('node-http', 50_000))[5]!;
  expect(floor).toMatchObject({ measured: 80, met: true });
  expect(floor.byCpu).toBeCloseTo(80, 9);
});
