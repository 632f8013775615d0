import { expect, test } from 'vitest';
import { performanceLoss } from '../../../monitor/performance/performance-loss.js';
import type { MetricName, MetricValue, Performance } from '../../../monitor/performance/window-performance.js';

function performance(metric: MetricName, value: number, low: number | null, high: number | null): Performance {
  const found: MetricValue = { metric, class: null, value, low, high, interval: low === null ? 'none' : 'wilson' };
  return { rows: 100, metrics: [found], confusion: null };
}

test('where more is better, the least loss is that of the upper end', () => {
  const loss = performanceLoss(
    'accuracy',
    performance('accuracy', 0.8, 0.8, 0.8),
    performance('accuracy', 0.6, 0.4, 0.7),
  );
  expect(loss?.value).toBeCloseTo(0.25, 12);
  expect(loss?.atLeast).toBeCloseTo(0.125, 12);
  expect(loss?.atMost).toBeCloseTo(0.5, 12);
});

test('where less is better, it is that of the lower end', () => {
  const loss = performanceLoss('rmse', performance('rmse', 2, 2, 2), performance('rmse', 3, 2.5, 4));
  expect(loss?.value).toBeCloseTo(0.5, 12);
  expect(loss?.atLeast).toBeCloseTo(0.25, 12);
  expect(loss?.atMost).toBeCloseTo(1, 12);
});

test('what is not known of the reference widens it, by the end that makes the loss smaller or greater', () => {
  const before = performance('accuracy', 0.8, 0.4, 0.9);
  const loss = performanceLoss('accuracy', before, performance('accuracy', 0.4, 0.32, 0.64));
  // Halves in parts of 0.8: 0.3 of the window and 0.5 * 0.5 of the reference down, 0.1 and 0.125 * 0.5 up.
  expect(loss?.atLeast).toBeCloseTo(0.5 - Math.hypot(0.3, 0.25), 12);
  expect(loss?.atMost).toBeCloseTo(0.5 + Math.hypot(0.1, 0.0625), 12);
});

test('a better window has a negative loss', () => {
  expect(performanceLoss('mae', performance('mae', 2, 1, 3), performance('mae', 1, 0.5, 1.5))?.value).toBe(-0.5);
});

test('without an interval no least loss, and no loss without both', () => {
  const whole = performance('log_loss', 0.5, null, null);
  expect(performanceLoss('log_loss', whole, performance('log_loss', 1, null, null))).toEqual({
    value: 1,
    atLeast: null,
    atMost: null,
  });
  expect(performanceLoss('mae', performance('mae', 1, null, null), performance('mae', 2, 1, 3))?.atLeast).toBeNull();
  expect(performanceLoss('log_loss', whole, null)).toBeUndefined();
  expect(performanceLoss('accuracy', whole, whole)).toBeUndefined();
  expect(performanceLoss('mae', performance('mae', 0, 0, 0), performance('mae', 1, 1, 1))).toBeUndefined();
});
