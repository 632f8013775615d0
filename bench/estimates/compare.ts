import { readFile } from 'node:fs/promises';
import type { PredictionBatch } from '../../core/inference/batch.js';
import { addExpectedClass } from '../../core/performance/add-class-row.js';
import { createExpectedTruth } from '../../core/performance/expected-truth.js';
import { sumsLayout } from '../../core/performance/layout.js';
import { buildReferencePerformance } from '../../core/performance/reference-performance.js';
import { addInto, toAmounts } from '../../core/performance/sums.js';
import { classMetrics } from '../../monitor/performance/class-metrics.js';
import { referencePerformanceOf } from '../../monitor/performance/describe-performance.js';
import type { MetricName, Performance } from '../../monitor/performance/window-performance.js';

/** Answers to rows with their truth, as class indices. */
interface Answers {
  scores: number[][];
  answered: number[];
  actual: number[];
}

/** One line of what `estimate.py` writes, after the first. */
interface Case {
  data: string;
  scenario: string;
  classes: string[];
  reference: Answers;
  /** Answers to the rows that the model learned. */
  learned: Answers | null;
  current: Answers;
  nannyml: Record<'accuracy' | 'f1' | 'roc_auc', number>;
  /** The same made to calibrate always, as ours does. */
  nannymlAlways: Record<'accuracy' | 'f1' | 'roc_auc', number>;
}

/** Means over the splits of one data set and scenario; fractions. */
export interface Comparison {
  data: string;
  scenario: string;
  splits: number;
  rows: number;
  metric: 'accuracy' | 'f1' | 'roc_auc';
  real: number;
  ours: number;
  nannyml: number;
  nannymlAlways: number;
  /** Mean over the splits of the distance of ours from that. */
  fromNannymlAlways: number;
  /** Our estimate where the reference is the rows that the model learned; null where that was not tried. */
  oursFromLearned: number | null;
}

/** What `estimate.py` ran on, and how our estimates compare with NannyML's and with what came true. */
export async function compareEstimates(
  path: string,
): Promise<{ versions: Record<string, string>; comparisons: Comparison[] }> {
  const [first, ...lines] = (await readFile(path, 'utf8')).trim().split('\n');
  const { versions } = JSON.parse(first!) as { versions: Record<string, string> };
  const groups = new Map<string, Made[]>();
  for (const line of lines) {
    const made = estimateCase(JSON.parse(line) as Case);
    const key = `${made.data} ${made.scenario}`;
    groups.set(key, [...(groups.get(key) ?? []), made]);
  }
  return { versions, comparisons: [...groups.values()].flatMap(summarise) };
}

type Made = ReturnType<typeof estimateCase>;

function estimateCase({ data, scenario, classes, reference, learned, current, nannyml, nannymlAlways }: Case) {
  return {
    data,
    scenario,
    rows: current.actual.length,
    real: measured(classes, current),
    ours: estimated(classes, reference, current),
    oursFromLearned: learned && estimated(classes, learned, current),
    nannyml,
    nannymlAlways,
  };
}

function summarise(cases: Made[]): Comparison[] {
  const { data, scenario, rows } = cases[0]!;
  const mean = (value: (made: Made) => number): number => cases.reduce((sum, c) => sum + value(c), 0) / cases.length;
  return (['accuracy', 'f1', 'roc_auc'] as const).map((metric) => ({
    data,
    scenario,
    splits: cases.length,
    rows,
    metric,
    real: mean((made) => metricValue(made.real, metric)),
    ours: mean((made) => metricValue(made.ours, metric)),
    nannyml: mean((made) => made.nannyml[metric]),
    nannymlAlways: mean((made) => made.nannymlAlways[metric]),
    fromNannymlAlways: mean((made) => Math.abs(metricValue(made.ours, metric) - made.nannymlAlways[metric])),
    oursFromLearned: cases.every((made) => made.oursFromLearned)
      ? mean((made) => metricValue(made.oursFromLearned!, metric))
      : null,
  }));
}

/** Of a binary model that of the positive class, the second, else the plain mean over classes: as NannyML has it. */
function metricValue(performance: Performance, metric: MetricName): number {
  const { metrics } = performance;
  const ofClass = metric === 'accuracy' ? null : performance.confusion!.classes.length === 2 ? '1' : 'macro';
  const found = metrics.find((value) => value.metric === metric && value.class === ofClass);
  if (!found) throw new Error(`no ${metric} of class ${ofClass} was computed`);
  return found.value;
}

function manifestOf(classes: string[]) {
  const names = classes.map((_, i) => String(i));
  const task = names.length === 2 ? ('binary' as const) : ('multiclass' as const);
  return { task, classes: names, ...(task === 'binary' && { positiveClass: '1' }) };
}

function toPredictions({ scores, answered }: Answers): PredictionBatch {
  return { rows: answered.length, labels: answered.map(String), probabilities: Float32Array.from(scores.flat()) };
}

function freeze(classes: string[], answers: Answers) {
  const manifest = manifestOf(classes);
  return buildReferencePerformance(manifest, toPredictions(answers), answers.actual.map(String), { heldOut: true });
}

function measured(classes: string[], answers: Answers): Performance {
  const manifest = { ...manifestOf(classes) } as Parameters<typeof referencePerformanceOf>[0]['manifest'];
  return referencePerformanceOf({ manifest, referencePerformance: freeze(classes, answers) })!;
}

function estimated(classes: string[], reference: Answers, current: Answers): Performance {
  const manifest = manifestOf(classes);
  const frozen = freeze(classes, reference);
  const layout = sumsLayout(manifest, frozen);
  const units = new Float64Array(layout.length);
  const expect = createExpectedTruth(manifest, frozen);
  current.scores.forEach((scores, row) => {
    const answered = current.answered[row]!;
    addExpectedClass(addInto(units), layout.classes!, frozen, { answered, scores, expected: expect(scores) });
  });
  return classMetrics(manifest, layout.classes!, toAmounts(layout, units))!;
}
