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
    performance('accuracy', 0.8, 0.7, 0.9),
    performance('accuracy', 0.6, 0.5, 0.7),
  );
  expect(loss?.value).toBeCloseTo(0.25, 12);
  expect(loss?.atLeast).toBeCloseTo(0.125, 12);
});

test('where less is better, it is that of the lower end', () => {
  const loss = performanceLoss('rmse', performance('rmse', 2, 1, 3), performance('rmse', 3, 2.5, 3.5));
  expect(loss?.value).toBeCloseTo(0.5, 12);
  expect(loss?.atLeast).toBeCloseTo(0.25, 12);
});

test('a better window has a negative loss', () => {
  expect(performanceLoss('mae', performance('mae', 2, 1, 3), performance('mae', 1, 0.5, 1.5))?.value).toBe(-0.5);
});

test('without an interval no least loss, and no loss without both', () => {
  const whole = performance('log_loss', 0.5, null, null);
  expect(performanceLoss('log_loss', whole, performance('log_loss', 1, null, null))).toEqual({
    value: 1,
    atLeast: null,
  });
  expect(performanceLoss('log_loss', whole, null)).toBeUndefined();
  expect(performanceLoss('accuracy', whole, whole)).toBeUndefined();
  expect(performanceLoss('mae', performance('mae', 0, 0, 0), performance('mae', 1, 1, 1))).toBeUndefined();
});
