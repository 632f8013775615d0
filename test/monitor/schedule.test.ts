import { expect, test } from 'vitest';
import { isCronExpression, startSchedule } from '../../monitor/schedule.js';
import { until } from '../helpers/until.js';

test.each([
  ['* * * * *', true],
  ['*/5 * * * * *', true],
  ['0 6 * * 1', true],
  ['61 * * * *', false],
  ['every minute', false],
])('%s is a cron expression: %s', (expression, valid) => {
  expect(isCronExpression(expression)).toBe(valid);
});

test.each([
  ['* * * * *', 60],
  ['*/2 * * * * *', 2],
  ['0,10 * * * *', 3_000],
])('the longest time between runs of %s is %d s', async (expression, periodSeconds) => {
  const schedule = startSchedule(expression, async () => undefined);
  await schedule.stop();
  expect(schedule.periodSeconds).toBe(periodSeconds);
});

test('runs when due, and not after it was stopped', async () => {
  let runs = 0;
  const schedule = startSchedule('* * * * * *', async () => {
    runs++;
  });
  await until('two runs', () => runs >= 2);
  await schedule.stop();
  const atStop = runs;
  const next = startSchedule('* * * * * *', async () => {
    runs = -1;
  });
  await until('a run of another schedule', () => runs === -1);
  await next.stop();
  expect(atStop).toBeGreaterThanOrEqual(2);
});
