import { expect, test } from 'vitest';
import { resolvePlan } from '../../../core/training/plan.js';

const retraining = { metric: 'accuracy', timeoutMinutes: 10 } as Parameters<typeof resolvePlan>[0]['retraining'];

test('without a word in the manifest there is one trial, and classes are searched by log loss', () => {
  expect(resolvePlan({ task: 'binary', retraining })).toEqual({
    trials: 1,
    folds: 3,
    metric: 'log_loss',
    classWeights: 'none',
    featureSearch: false,
    searchMinutes: 6,
    threads: 2,
    memoryMegabytes: 4096,
  });
});

test('values are searched by what they are compared by', () => {
  expect(resolvePlan({ task: 'regression', retraining: { ...retraining, metric: 'rmse' } }).metric).toBe('rmse');
  expect(resolvePlan({ task: 'regression', retraining: { ...retraining, metric: 'mae' } }).metric).toBe('mae');
});

test('a search never takes so long that the command is ended before it is done', () => {
  const plan = (searchMinutes: number) => resolvePlan({ task: 'binary', retraining, training: { searchMinutes } });
  expect(plan(2).searchMinutes).toBe(2);
  expect(plan(60).searchMinutes).toBe(6);
});
