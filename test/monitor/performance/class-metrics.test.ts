import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import fixture from '../../fixtures/performance/classification.json' with { type: 'json' };
import { metricsOf, pick } from './fixture.js';

const cases = fixture.cases.map((known, i) => ({ ...known, i }));

describe('equals scikit-learn', () => {
  test.each(cases)('case $i: $classes classes', (known) => {
    const performance = metricsOf(known);
    expect(performance.rows).toBe(known.actual.length);
    expect(performance.confusion!.counts).toEqual(known.confusion);
    const accuracy = pick(performance, 'accuracy')!;
    expect(accuracy.value).toBeCloseTo(known.accuracy, 12);
    expect([accuracy.low, accuracy.high]).toEqual(known.wilson.map((end) => expect.closeTo(end, 12)));
    expect(pick(performance, 'f1', 'macro')!.value).toBeCloseTo(known.f1Macro, 12);
    // Every row is rounded to a billionth, and scikit-learn wants single-precision scores scaled to a sum of exactly 1.
    expect(pick(performance, 'log_loss')!.value).toBeCloseTo(known.logLoss, 7);
    expect(pick(performance, 'brier')!.value).toBeCloseTo(known.brier, 7);
    for (const metric of ['precision', 'recall', 'f1'] as const) {
      known.perClass[metric].forEach((value, index) => {
        const ours = pick(performance, metric, `c${index}`)?.value;
        if (value === null) expect(ours).toBeUndefined();
        else expect(ours).toBeCloseTo(value, 12);
      });
    }
    known.perClass.roc_auc.forEach((value, index) => {
      const ours = pick(performance, 'roc_auc', `c${index}`);
      if (known.classes === 2 && index === 0) expect(ours).toBeUndefined();
      else if (value === null) expect(ours).toBeUndefined();
      else expect(ours!.value).toBeCloseTo(value, 12);
    });
  });
});

/** Answers of a model that is right in 80 % of the rows, more often for the class that is more frequent. */
function drawAnswers(rows: number, seed: number) {
  const random = createRandom(seed);
  const actual = Array.from({ length: rows }, () => (random.next() < 0.25 ? 1 : 0));
  const scores = actual.map((truth) => {
    const score = 1 / (1 + Math.exp(-(1.8 * truth - 0.9 + random.normal())));
    return [1 - score, score];
  });
  return { classes: 2, actual, scores, answered: scores.map(([, score]) => (score! >= 0.5 ? 1 : 0)) };
}

test.each(['accuracy', 'precision', 'recall', 'f1', 'roc_auc', 'log_loss', 'brier'] as const)(
  'the interval of %s holds the true value in 92 to 98 in 100 of 600 windows of 300 rows',
  (metric) => {
    const ofClass = ['accuracy', 'log_loss', 'brier'].includes(metric) ? null : 'c1';
    const truth = pick(metricsOf(drawAnswers(200_000, 1)), metric, ofClass)!.value;
    let held = 0;
    for (let window = 0; window < 600; window++) {
      const { low, high } = pick(metricsOf(drawAnswers(300, 100 + window)), metric, ofClass)!;
      if (low! <= truth && truth <= high!) held++;
    }
    // Three binomial standard errors of 600 windows are 2.7 points.
    expect(held / 600).toBeGreaterThan(0.92);
    expect(held / 600).toBeLessThan(0.98);
  },
  60_000,
);

test('the interval of macro F1 does too', () => {
  const truth = pick(metricsOf(drawAnswers(200_000, 1)), 'f1', 'macro')!.value;
  let held = 0;
  for (let window = 0; window < 600; window++) {
    const { low, high } = pick(metricsOf(drawAnswers(300, 100 + window)), 'f1', 'macro')!;
    if (low! <= truth && truth <= high!) held++;
  }
  expect(held / 600).toBeGreaterThan(0.92);
  expect(held / 600).toBeLessThan(0.98);
});
