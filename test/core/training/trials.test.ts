import { expect, test } from 'vitest';
import { formatTrial, parseTrials, type TrialRecord } from '../../../core/training/trials.js';

const trial: TrialRecord = {
  number: 0,
  state: 'complete',
  family: 'forest',
  parameters: { trees: 100, features: ['a', 'b'] },
  metrics: { logLoss: 0.4 },
  metric: 'log_loss',
  score: 0.4,
  durationSeconds: 1.5,
};

test('what is written is read again, metrics that are no number apart', () => {
  const other = { ...trial, number: 1, state: 'failed', score: null, reason: 'out of luck' } as const;
  const text = [trial, other]
    .map((one) => formatTrial({ ...one, metrics: { logLoss: 0.4, rocAuc: Number.NaN } }))
    .join('');
  expect(parseTrials(`${text}\n`)).toEqual([trial, other]);
});

test.each([
  ['{', /line 1: is not JSON/],
  [JSON.stringify({ ...trial, score: 'good' }), /line 1: score must be/],
  [JSON.stringify({ ...trial, state: 'promising' }), /line 1: state must be/],
  [`${JSON.stringify(trial)}\n${JSON.stringify(trial)}`, /line 2: trial 0 stands twice/],
  [Array.from({ length: 10_001 }, (_, number) => JSON.stringify({ ...trial, number })).join('\n'), /10001 lines/],
])('says what is wrong with a line', (text, message) => {
  expect(() => parseTrials(text)).toThrow(message);
});
