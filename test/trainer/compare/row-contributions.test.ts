import { expect, test } from 'vitest';
import { improvementOf, metricOf, rowContributions } from '../../../trainer/compare/row-contributions.js';

const manifest = { classes: ['a', 'b', 'c'] };
const predictions = {
  rows: 4,
  labels: ['a', 'b', 'b', 'c'],
  probabilities: Float32Array.of(0.7, 0.2, 0.1, 0.1, 0.8, 0.1, 0.25, 0.5, 0.25, 0, 0, 1),
};
const targets = ['a', 'b', 'c', 'a'];
const sum = (values: Float64Array): number => values.reduce((s, v) => s + v, 0);

test('accuracy and log loss of four rows, by hand', () => {
  const right = rowContributions(manifest, 'accuracy', predictions, targets);
  expect(metricOf('accuracy', sum(right), 4)).toBe(0.5);
  const losses = rowContributions(manifest, 'log_loss', predictions, targets);
  const expected = [-Math.log(0.7), -Math.log(0.8), -Math.log(0.25), 23 * Math.LN2];
  for (const [row, loss] of expected.entries()) expect(losses[row]).toBeCloseTo(loss, 6);
});

test('mean absolute and root mean squared error of three rows, by hand', () => {
  const values = { rows: 3, values: Float32Array.of(10, 20, 33) };
  expect(metricOf('mae', sum(rowContributions(manifest, 'mae', values, ['12', '20', '30'])), 3)).toBeCloseTo(5 / 3, 12);
  const squared = sum(rowContributions(manifest, 'rmse', values, ['12', '20', '30']));
  expect(metricOf('rmse', squared, 3)).toBeCloseTo(Math.sqrt(13 / 3), 12);
});

test('an improvement is positive when the challenger is better, whatever the metric', () => {
  expect(improvementOf('accuracy', 0.5, 0.6)).toBeCloseTo(0.1);
  for (const metric of ['log_loss', 'mae', 'rmse'] as const) expect(improvementOf(metric, 3, 2)).toBe(1);
});

test('refuses log loss of a model that answers labels only', () => {
  expect(() => rowContributions(manifest, 'log_loss', { rows: 1, labels: ['a'] }, ['a'])).toThrow(
    'set retraining.metric to accuracy',
  );
});
