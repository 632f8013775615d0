import { expect, test } from 'vitest';
import { rocAuc } from '../../../monitor/performance/roc-auc.js';
import fixture from '../../fixtures/statistics/roc-auc.json' with { type: 'json' };

test(`equals scikit-learn on ${fixture.cases.length} random cases with ties, where each score has a bin of its own`, () => {
  for (const { scores, positives, auc } of fixture.cases) {
    const distinct = [...new Set(scores)].sort((a, b) => a - b);
    const count = (rows: (i: number) => number) =>
      distinct.map((score) => scores.reduce((sum, s, i) => sum + (s === score ? rows(i) : 0), 0));
    const { value } = rocAuc(
      count((i) => positives[i]!),
      count(() => 1),
    );
    expect(Math.abs(value - auc)).toBeLessThan(1e-12);
  }
});
