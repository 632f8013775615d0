import { quantileSorted } from 'simple-statistics';
import type { PredictionBatch } from '../inference/batch.js';
import type { Manifest } from '../manifest/manifest.js';
import { addActualClass } from './add-class-row.js';
import { addActualValue } from './add-value-row.js';
import { fitCalibration } from './calibration.js';
import { type ErrorModel, fitErrorModel } from './error-model.js';
import { createExpectedTruth, positiveIndex } from './expected-truth.js';
import type { Knots } from './isotonic.js';
import { sumsLayout } from './layout.js';
import { createExactSums, toAmounts } from './sums.js';

/** Bins that scores of a class are counted in, for the area under the ROC curve; fewer with many classes. */
const MOST_SCORE_BINS = 200;
const MOST_SCORE_BINS_IN_ALL = 2_000;
const LEAST_SCORE_BINS = 10;
/** Tenths of the actual values, for their shift. */
const ACTUAL_BINS = 10;

/**
 * What is frozen with a version about its performance: how it did on rows with truth, and what later estimates and sums
 * rest on.
 */
export interface ReferencePerformance {
  rows: number;
  /**
   * Whether the model had not learned those rows. One that had is surer of them than it should be, so its estimates are
   * too high; see docs/decisions/0015-estimated-performance.md.
   */
  heldOut: boolean;
  /** Classification: by class, what turns its scores into probabilities, null for the scores themselves. Empty for a regression. */
  calibration: (Knots | null)[];
  /** Edges of the bins that the scores of a class are counted in: of the positive class, or of all. */
  scoreEdges: { class: number; edges: number[] }[];
  /** Regression: how large errors are by prediction. */
  errorModel: ErrorModel | null;
  /** Regression: edges between the tenths of the actual values, and their mean and standard deviation (1 where that is 0). */
  actualEdges: number[];
  actualMean: number;
  actualScale: number;
  /** Amounts by slot of `sumsLayout`. */
  sums: number[];
}

/**
 * Freezes the performance of answers to rows with truth.
 * @param targets  by row, a class of the manifest or a number as text
 */
export function buildReferencePerformance(
  manifest: Pick<Manifest, 'task' | 'classes' | 'positiveClass'>,
  predictions: PredictionBatch,
  targets: string[],
  options: { heldOut: boolean },
): ReferencePerformance {
  const empty: ReferencePerformance = {
    rows: targets.length,
    heldOut: options.heldOut,
    calibration: [],
    scoreEdges: [],
    errorModel: null,
    actualEdges: [],
    actualMean: 0,
    actualScale: 1,
    sums: [],
  };
  return manifest.task === 'regression'
    ? freezeValues(manifest, empty, predictions, targets.map(Number))
    : freezeClasses(manifest, empty, predictions, targets);
}

function freezeClasses(
  manifest: Pick<Manifest, 'task' | 'classes' | 'positiveClass'>,
  empty: ReferencePerformance,
  { rows, labels = [], probabilities }: PredictionBatch,
  targets: string[],
): ReferencePerformance {
  const { classes } = manifest;
  const width = classes.length;
  const actual = targets.map((target) => classes.indexOf(target));
  const positive = positiveIndex(manifest);
  const scoresOf = (index: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => probabilities![row * width + index]!);
  const scored = positive === -1 ? classes.map((_, index) => index) : [positive];
  const bins = Math.min(MOST_SCORE_BINS, Math.floor(MOST_SCORE_BINS_IN_ALL / scored.length));
  const frozen = { ...empty };
  if (probabilities) {
    frozen.calibration = classes.map((_, index) =>
      scored.includes(index)
        ? fitCalibration(
            scoresOf(index),
            Float64Array.from(actual, (is) => (is === index ? 1 : 0)),
          )
        : null,
    );
    if (bins >= LEAST_SCORE_BINS) {
      frozen.scoreEdges = scored.map((index) => ({ class: index, edges: quantileEdges(scoresOf(index), bins) }));
    }
  }
  const layout = sumsLayout(manifest, frozen);
  const sums = createExactSums(layout);
  const expect = createExpectedTruth(manifest, frozen);
  for (let row = 0; row < rows; row++) {
    sums.add(layout.rows, 1);
    const scores = probabilities?.subarray(row * width, (row + 1) * width) ?? [];
    const answered = classes.indexOf(labels[row]!);
    const answer = { answered, actual: actual[row]!, scores, expected: expect(scores) };
    if (answered === -1 || answer.actual === -1) sums.add(layout.unusable, 1);
    else addActualClass(sums.add, layout.classes!, frozen, answer, positive);
  }
  return { ...frozen, sums: amountsOf(layout, sums.units()) };
}

function freezeValues(
  manifest: Pick<Manifest, 'task' | 'classes'>,
  empty: ReferencePerformance,
  { rows, values }: PredictionBatch,
  actual: number[],
): ReferencePerformance {
  const mean = actual.reduce((sum, value) => sum + value / rows, 0);
  const scale = Math.sqrt(actual.reduce((sum, value) => sum + (value - mean) ** 2 / rows, 0));
  const predicted = Float64Array.from(values ?? []);
  const frozen = {
    ...empty,
    actualEdges: quantileEdges(Float64Array.from(actual), ACTUAL_BINS),
    actualMean: mean,
    actualScale: scale > 0 && Number.isFinite(scale) ? scale : 1,
    errorModel: fitErrorModel(predicted, actual),
  };
  const layout = sumsLayout(manifest, frozen);
  const sums = createExactSums(layout);
  actual.forEach((truth, row) => {
    sums.add(layout.rows, 1);
    if (!addActualValue(sums.add, layout.values!, frozen, predicted[row] ?? Number.NaN, truth)) {
      sums.add(layout.unusable, 1);
    }
  });
  return { ...frozen, sums: amountsOf(layout, sums.units()) };
}

function amountsOf(layout: ReturnType<typeof sumsLayout>, units: Map<number, bigint>): number[] {
  const whole = Array.from({ length: layout.length }, (_, slot) => String(units.get(slot) ?? 0n));
  return Array.from(toAmounts(layout, whole));
}

/** Quantiles (type 7) that cut values into about `bins` bins of equal size, duplicates merged; none at the least value. */
function quantileEdges(values: Float64Array, bins: number): number[] {
  const sorted = Array.from(values.filter(Number.isFinite).sort());
  if (sorted.length === 0) return [];
  const edges = Array.from({ length: bins - 1 }, (_, i) => quantileSorted(sorted, (i + 1) / bins));
  return [...new Set(edges)].filter((edge) => edge > sorted[0]!);
}
