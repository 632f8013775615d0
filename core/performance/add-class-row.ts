import { binOf } from '../reference/profile.js';
import { type ClassLayout, CONFIDENCE_BINS } from './layout.js';
import type { ReferencePerformance } from './reference-performance.js';
import type { Add } from './sums.js';

/** Probabilities are float32, so one that is printed as 0 may be this large; it keeps log loss finite. */
const LEAST_PROBABILITY = 2 ** -23;

/** An answered row. */
export interface ClassRow {
  /** Index of the class that was answered. */
  answered: number;
  /** Scores by class as the model gave them; NaN where it gives none. */
  scores: ArrayLike<number>;
  /** Probability of each class being true; undefined where the scores say nothing. */
  expected: ArrayLike<number> | undefined;
}

/** Adds a row as if each class were true to the degree that is expected. One without expectation adds nothing. */
export function addExpectedClass(
  add: Add,
  layout: ClassLayout,
  frozen: Pick<ReferencePerformance, 'scoreEdges'>,
  row: ClassRow,
): void {
  const { answered, scores, expected } = row;
  if (!expected) return;
  add(layout.answered + answered, 1);
  add(layout.right + answered, expected[answered]!);
  for (let index = 0; index < layout.count; index++) {
    add(layout.actual + index, expected[index]!);
    if (layout.confusion !== null) add(layout.confusion + index * layout.count + answered, expected[index]!);
  }
  for (let i = 0; i < layout.scores.length; i++) {
    const binned = layout.scores[i]!;
    const bin = binOf(frozen.scoreEdges[i]!.edges, scores[binned.class]!);
    add(binned.totals + bin, 1);
    add(binned.positives + bin, expected[binned.class]!);
  }
}

/**
 * Adds a row whose class is known. Log loss is -ln of the score of that class, in nats; the Brier score is the squared
 * distance of the scores from it, of a binary model over the positive class only (as scikit-learn's `brier_score_loss`),
 * else over all classes (Brier 1950).
 * @param positive  index of the positive class of a binary model, or -1
 */
export function addActualClass(
  add: Add,
  layout: ClassLayout,
  frozen: Pick<ReferencePerformance, 'scoreEdges'>,
  row: ClassRow & { actual: number },
  positive: number,
): void {
  const { answered, actual, scores, expected } = row;
  add(layout.answered + answered, 1);
  add(layout.actual + actual, 1);
  if (answered === actual) add(layout.right + answered, 1);
  if (layout.confusion !== null) add(layout.confusion + actual * layout.count + answered, 1);
  if (expected) addConfidence(add, layout, expected[answered]!, answered === actual);
  if (!Number.isFinite(scores[actual]!)) return;
  const logLoss = -Math.log(Math.max(scores[actual]!, LEAST_PROBABILITY));
  const brier = brierScore(scores, actual, positive, layout.count);
  add(layout.scored, 1);
  add(layout.logLoss, logLoss);
  add(layout.logLoss2, logLoss * logLoss);
  add(layout.brier, brier);
  add(layout.brier2, brier * brier);
  for (let i = 0; i < layout.scores.length; i++) {
    const binned = layout.scores[i]!;
    const bin = binOf(frozen.scoreEdges[i]!.edges, scores[binned.class]!);
    add(binned.totals + bin, 1);
    if (binned.class === actual) add(binned.positives + bin, 1);
  }
}

function addConfidence(add: Add, layout: ClassLayout, confidence: number, right: boolean): void {
  const bin = Math.min(CONFIDENCE_BINS - 1, Math.floor(confidence * CONFIDENCE_BINS));
  add(layout.confidenceRows + bin, 1);
  add(layout.confidence + bin, confidence);
  if (right) add(layout.confidenceRight + bin, 1);
}

function brierScore(scores: ArrayLike<number>, actual: number, positive: number, classes: number): number {
  if (positive !== -1) return (scores[positive]! - (actual === positive ? 1 : 0)) ** 2;
  let sum = 0;
  for (let index = 0; index < classes; index++) sum += (scores[index]! - (index === actual ? 1 : 0)) ** 2;
  return sum;
}
