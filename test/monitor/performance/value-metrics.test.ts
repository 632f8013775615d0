import { describe, expect, test } from 'vitest';
import { addActualValue } from '../../../core/performance/add-value-row.js';
import { sumsLayout } from '../../../core/performance/layout.js';
import { buildReferencePerformance } from '../../../core/performance/reference-performance.js';
import { createExactSums } from '../../../core/performance/sums.js';
import { createRandom } from '../../../core/random.js';
import { referencePerformanceOf } from '../../../monitor/performance/describe-performance.js';
import fixture from '../../fixtures/performance/regression.json' with { type: 'json' };
import { testManifest } from '../fixture.js';
import { pick } from './fixture.js';

const { positiveClass: _, ...binary } = testManifest('values');
const manifest = { ...binary, task: 'regression' as const, classes: [] };

function metricsOf(predicted: number[], actual: number[]) {
  const answers = { rows: predicted.length, values: Float32Array.from(predicted) };
  const frozen = buildReferencePerformance(manifest, answers, actual.map(String), { heldOut: true });
  return referencePerformanceOf({ manifest, referencePerformance: frozen })!;
}

describe('equals scikit-learn', () => {
  test.each(fixture.cases.map((known, i) => ({ ...known, i })))('case $i', (known) => {
    const performance = metricsOf(known.predicted, known.actual);
    expect(performance.rows).toBe(known.actual.length);
    for (const metric of ['mae', 'rmse', 'mape', 'r2', 'bias'] as const) {
      const { value, low, high } = pick(performance, metric)!;
      expect(value / known[metric]).toBeCloseTo(1, 9);
      expect(low!).toBeLessThanOrEqual(value);
      expect(high!).toBeGreaterThanOrEqual(value);
    }
  });
});

test('rows whose truth is 0 are in every metric but MAPE, and none is for one row', () => {
  const performance = metricsOf([1, 3], [0, 2]);
  expect(pick(performance, 'mape')!.value).toBe(0.5);
  expect(pick(performance, 'mae')!.value).toBe(1);
  expect(pick(metricsOf([1], [0]), 'r2')).toBeUndefined();
});

test.each([Number.NaN, Infinity, 1e200])('an outcome of %d is refused, and adds nothing', (actual) => {
  const frozen = { errorModel: null, actualEdges: [], actualMean: 0, actualScale: 1 };
  const layout = sumsLayout(manifest, { ...frozen, scoreEdges: [] });
  const sums = createExactSums(layout);
  expect(addActualValue(sums.add, layout.values!, frozen, 1, actual)).toBe(false);
  expect(sums.units().size).toBe(0);
});

test('a wild outcome that is corrected leaves no trace', () => {
  const frozen = { errorModel: null, actualEdges: [0], actualMean: 0, actualScale: 1 };
  const layout = sumsLayout(manifest, { ...frozen, scoreEdges: [] });
  const [corrected, clean] = [createExactSums(layout), createExactSums(layout)];
  for (const sums of [corrected, clean]) addActualValue(sums.add, layout.values!, frozen, 0.1, 0.3);
  addActualValue(corrected.add, layout.values!, frozen, 1, 1e30);
  addActualValue(corrected.subtract, layout.values!, frozen, 1, 1e30);
  expect(corrected.units()).toEqual(clean.units());
});

test.each(['mae', 'rmse', 'mape', 'r2', 'bias'] as const)(
  'the interval of %s holds the true value in 91 to 98 in 100 of 600 windows of 300 rows',
  (metric) => {
    const draw = (rows: number, seed: number) => {
      const random = createRandom(seed);
      const actual = Array.from({ length: rows }, () => 50 + 10 * random.normal());
      return metricsOf(
        actual.map((value) => value + (3 + 0.1 * value) * random.normal() * 0.5 + 1),
        actual,
      );
    };
    const truth = pick(draw(200_000, 1), metric)!.value;
    let held = 0;
    for (let window = 0; window < 600; window++) {
      const { low, high } = pick(draw(300, 100 + window), metric)!;
      if (low! <= truth && truth <= high!) held++;
    }
    expect(held / 600).toBeGreaterThan(0.91);
    expect(held / 600).toBeLessThan(0.98);
  },
  60_000,
);
