import { expect, test } from 'vitest';
import { createAdmission } from '../../../service/predict/admission.js';
import { createRowTime } from '../../../service/predict/row-time.js';

const admissionOf = (maxRows: number, maxWaitMs = 1_000) => createAdmission({ maxRows, maxWaitMs });

test('counts rows in and out', () => {
  const admission = admissionOf(1_000);
  const leave = [admission.enter(1, 0.1), admission.enter(500, 0.1)];
  expect([admission.waiting(), admission.waitMs()]).toEqual([501, expect.closeTo(50.1)]);
  for (const each of leave) each();
  expect([admission.waiting(), admission.waitMs()]).toEqual([0, 0]);
});

test('refuses when those before take longer than is allowed, and says when to come again', () => {
  const admission = admissionOf(100_000, 1_000);
  admission.enter(300, 4);
  expect(() => admission.enter(300, 4)).toThrow('those that wait already take about 1200 ms; try again a little later');
  try {
    admission.enter(300, 4);
  } catch (error) {
    expect(error).toMatchObject({ status: 503, code: 'overloaded', details: { retryAfterSeconds: 2 } });
  }
});

test('takes a request of any size when nothing of its kind waits', () => {
  const admission = admissionOf(10, 1);
  const leave = admission.enter(5_000, 10);
  expect(() => admission.enter(17, 10)).toThrow('50000 ms');
  leave();
  admission.enter(17, 10);
});

test('large requests leave room for small ones, in rows and in time', () => {
  const admission = admissionOf(800, 100);
  admission.enter(700, 0.2);
  // A hundred rows are kept for small requests, and their wait is that of small ones alone: 140 ms stand before a large one.
  expect(() => admission.enter(17, 0.2)).toThrow('140 ms');
  for (let i = 0; i < 100; i++) admission.enter(1, 0.2);
  expect(() => admission.enter(1, 0.2)).toThrow('800 rows are waiting already');
});

test('a large request beyond all bounds does not keep small ones out', () => {
  const admission = admissionOf(80, 100);
  admission.enter(10_000, 1);
  for (let i = 0; i < 10; i++) admission.enter(1, 1);
  expect(() => admission.enter(1, 1)).toThrow('10010 rows are waiting already');
});

test('small requests are refused when small ones alone take too long', () => {
  const admission = admissionOf(100_000, 50);
  for (let i = 0; i < 11; i++) admission.enter(1, 5);
  expect(() => admission.enter(1, 5)).toThrow('55 ms');
});

test('a large request takes as long as those before it did, not only their runs', () => {
  let ms = 0;
  const admission = createAdmission({ maxRows: 100_000, maxWaitMs: 1_000, now: () => ms });
  const leave = [admission.enter(1_000, 0.1), admission.enter(1_000, 0.1)];
  expect(admission.waitMs()).toBeCloseTo(200);
  ms = 590;
  leave[0]!();
  ms = 600;
  leave[1]!();
  // Idle time costs nobody.
  ms = 60_000;
  for (let i = 0; i < 4; i++) admission.enter(1_000, 0.1);
  expect(admission.waitMs()).toBeGreaterThan(1_150);
  expect(admission.waitMs()).toBeLessThan(1_250);
  expect(() => admission.enter(1_000, 0.1)).toThrow(/take about 1\d\d\d ms/);
  expect(() => admission.assertOpen(65_537)).toThrow(/take about 1\d\d\d ms/);
  admission.assertOpen(65_536);
  admission.enter(1, 0.1);
});

test('the time per row of a model is what its large runs say, and follows it when it changes', () => {
  const rowTime = createRowTime();
  expect(rowTime.msPerRow()).toBe(0);
  // 0.1 ms a run and 0.01 ms a row.
  const run = (rows: number, msPerRow = 0.01) => rowTime.ran((0.1 + rows * msPerRow) / 1_000, rows);
  run(1);
  expect(rowTime.msPerRow()).toBeCloseTo(0.11, 9);
  run(256);
  for (let i = 0; i < 100; i++) run(1);
  expect(rowTime.msPerRow()).toBeLessThan(0.011);
  for (let i = 0; i < 200; i++) run(256, 1);
  expect(rowTime.msPerRow()).toBeCloseTo(1, 1);
});
