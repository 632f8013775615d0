import { expect, test } from 'vitest';
import { compareExperiments, describeTrials, type Recorded } from '../../../cli/runs/describe.js';
import { sortTrials } from '../../../core/training/sort-trials.js';
import type { TrialRecord } from '../../../core/training/trials.js';

const trial = (number: number, score: number | null, metric = 'log_loss'): TrialRecord => ({
  number,
  state: score === null ? 'failed' : 'complete',
  family: 'linear',
  parameters: { l2: 1.23456789, features: ['a'] },
  metrics: {},
  metric,
  score,
  durationSeconds: 2,
});

test('the best trial comes first, whichever way its metric goes, and failed ones last', () => {
  const order = (metric: string) =>
    sortTrials([trial(0, null, metric), trial(1, 0.5, metric), trial(2, 0.3, metric)]).map(({ number }) => number);
  expect(order('log_loss')).toEqual([2, 1, 0]);
  expect(order('roc_auc')).toEqual([1, 2, 0]);
});

test('a trial is a line of a table', () => {
  expect(describeTrials([trial(0, 0.25)])[1]).toBe(
    '0      complete  linear  0.25      2.0      l2=1.2346 features=["a"]',
  );
  expect(describeTrials([])).toEqual(['no trials: the training command did not search, or does not say']);
});

test('a comparison marks what differs', () => {
  const recorded = (seed: number): Recorded => ({
    experiment: {
      experimentId: `id-${seed}`,
      trainingRunId: null,
      modelName: 'small',
      state: 'complete',
      reason: '',
      command: 'built-in trainer',
      codeVersion: null,
      request: {
        modelName: 'small',
        seed,
        parentVersion: null,
        metric: 'accuracy',
        training: { trials: 2, folds: 3, metric: 'log_loss' } as Recorded['experiment']['request']['training'],
      },
      datasetDigest: `sha256:${'a'.repeat(64)}`,
      datasetRows: 10,
      metrics: { accuracy: 0.5 + seed / 10, note: 'text' },
      modelDigest: null,
      modelCard: null,
      startedAt: new Date(0),
      finishedAt: new Date(1500),
    },
    trials: [trial(0, 0.3), trial(1, seed / 10)],
  });
  const lines = compareExperiments([recorded(1), recorded(2)]);
  expect(lines[0]).toMatch(/id +id-1 +id-2/);
  expect(lines.find((line) => line.includes('seed'))).toMatch(/^\* +seed +1 +2$/);
  expect(lines.find((line) => line.includes('metric accuracy'))).toMatch(/^\* .* 0.6 +0.7$/);
  expect(lines.find((line) => line.includes('best trial'))).toMatch(/^ .*1 of 2 +1 of 2$/);
  expect(lines.join('\n')).not.toContain('note');
});
