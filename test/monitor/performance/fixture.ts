import { addActualClass } from '../../../core/performance/add-class-row.js';
import { createExpectedTruth, positiveIndex } from '../../../core/performance/expected-truth.js';
import { sumsLayout } from '../../../core/performance/layout.js';
import { createExactSums, toAmounts } from '../../../core/performance/sums.js';
import { classMetrics } from '../../../monitor/performance/class-metrics.js';
import type { MetricName, Performance } from '../../../monitor/performance/window-performance.js';

/** Answers to rows with their truth, as class indices, with the scores of every class. */
export interface Answers {
  classes: number;
  actual: number[];
  answered: number[];
  scores: number[][];
}

/** Metrics of answers, by way of the sums that the monitor keeps; every distinct score has a bin of its own. */
export function metricsOf({ classes, actual, answered, scores }: Answers): Performance {
  const manifest = {
    task: classes === 2 ? ('binary' as const) : ('multiclass' as const),
    classes: Array.from({ length: classes }, (_, i) => `c${i}`),
    ...(classes === 2 && { positiveClass: 'c1' }),
  };
  const scored = classes === 2 ? [1] : manifest.classes.map((_, i) => i);
  const scoreEdges = scored.map((index) => ({
    class: index,
    edges: [...new Set(scores.map((row) => row[index]!))].sort((a, b) => a - b).slice(1),
  }));
  const frozen = { calibration: [], scoreEdges, errorModel: null, actualEdges: [] };
  const layout = sumsLayout(manifest, frozen);
  const sums = createExactSums(layout);
  const expect = createExpectedTruth(manifest, frozen);
  actual.forEach((truth, row) => {
    const answer = { answered: answered[row]!, actual: truth, scores: scores[row]!, expected: expect(scores[row]!) };
    addActualClass(sums.add, layout.classes!, frozen, answer, positiveIndex(manifest));
  });
  const units = Array.from({ length: layout.length }, (_, slot) => String(sums.units().get(slot) ?? 0n));
  return classMetrics(manifest, layout.classes!, toAmounts(layout, units))!;
}

/** One metric of a performance, or undefined. */
export function pick(performance: Performance | null, metric: MetricName, ofClass: string | null = null) {
  return performance?.metrics.find((value) => value.metric === metric && value.class === ofClass);
}
