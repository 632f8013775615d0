import { createRandom } from '../../../core/random.js';
import type { TrainingMetric } from '../../../core/training/plan.js';
import type { Candidate } from '../candidate.js';
import type { Dataset } from '../dataset.js';
import { type Fit, fitCandidate, type Prepared } from '../fit-candidate.js';
import { answersFromScores } from '../gbdt/answers.js';
import { foldRows, type HoldOut } from '../hold-out.js';
import { lossOf } from '../metric.js';
import { predict } from '../predict.js';
import { prepare, type Subject } from '../prepare.js';
import { validationMetrics } from '../validation-metrics.js';

/** What the work on every fold of a search has in common. */
export interface FoldSettings {
  readonly subject: Subject;
  /** Number of folds, at least 2. */
  readonly folds: number;
  readonly seed: number;
  readonly metric: TrainingMetric;
}

/** One piece of work: to score a candidate on a fold, or to find out what each feature is worth to it there. */
export interface FoldTask {
  readonly kind: 'score' | 'importance';
  readonly candidate: Candidate;
  readonly fold: number;
}

/** What came of it. */
export interface FoldResult {
  /** score: answers to the rows held out, row after row in their order. importance: by feature, how much the loss rises without it. */
  readonly numbers: Float64Array;
  readonly iterations: number;
  readonly seconds: number;
}

/** Everything that is the same for every task; made from the settings alone, so that every thread makes the same. */
export interface FoldContext {
  readonly prepared: Prepared;
  readonly folds: readonly HoldOut[];
  readonly settings: FoldSettings;
}

/** Prepares the dataset and splits it. @throws RangeError  the dataset or the classes are not usable */
export function createFoldContext(settings: FoldSettings): FoldContext {
  const { subject, seed } = settings;
  const prepared = prepare(subject);
  return { prepared, folds: foldRows(subject.dataset, settings.folds, createRandom(seed)), settings };
}

/** Does one task. Every candidate has the same rows and the same seed on a fold. */
export function workOnFold(
  { prepared, folds, settings }: FoldContext,
  { kind, candidate, fold }: FoldTask,
): FoldResult {
  const began = performance.now();
  const { kept, heldOut } = folds[fold]!;
  const fitted = fitCandidate(prepared, { candidate, rows: kept, heldOut, seed: settings.seed + fold + 1 });
  const numbers =
    kind === 'score'
      ? heldOutAnswers(prepared, fitted, heldOut)
      : featureLosses(takeRows(prepared.dataset, heldOut), (rows) =>
          lossOn(prepared, rows, predict(fitted.model, rows), settings.metric),
        );
  return { numbers, iterations: fitted.iterations, seconds: (performance.now() - began) / 1000 };
}

function heldOutAnswers({ dataset, classes }: Prepared, fitted: Fit, rows: Int32Array): Float64Array {
  const answers = answersFromScores(fitted.heldOutScores, dataset.rows, fitted.model.link, classes.length);
  const width = Math.max(1, classes.length);
  return Float64Array.from({ length: rows.length * width }, (_, i) => {
    return answers[rows[Math.floor(i / width)]! * width + (i % width)]!;
  });
}

function lossOn({ task, classes }: Prepared, rows: Dataset, answers: Float64Array, metric: TrainingMetric): number {
  const all = Int32Array.from({ length: rows.rows }, (_, row) => row);
  return lossOf(validationMetrics({ ...rows, task, classCount: classes.length, rows: all, answers }), metric);
}

/** Permutation importance (Breiman 2001): by feature, the loss with its values shuffled over the rows, less the loss as it is. */
function featureLosses(rows: Dataset, loss: (rows: Dataset) => number): Float64Array {
  const asItIs = loss(rows);
  return Float64Array.from(rows.columns, (column, i) => {
    const order = createRandom(i + 1).shuffle([...Array(rows.rows).keys()]);
    const shuffled = takeRows({ ...rows, columns: [column] }, order).columns[0]!;
    return loss({ ...rows, columns: rows.columns.with(i, shuffled) }) - asItIs;
  });
}

function takeRows(dataset: Dataset, rows: Iterable<number>): Dataset {
  const chosen = [...rows];
  return {
    rows: chosen.length,
    columns: dataset.columns.map((column) =>
      column.type === 'numeric'
        ? { ...column, values: Float64Array.from(chosen, (row) => column.values[row]!) }
        : { ...column, codes: Int32Array.from(chosen, (row) => column.codes[row]!) },
    ),
    target: Float64Array.from(chosen, (row) => dataset.target[row]!),
    weights: Float64Array.from(chosen, (row) => dataset.weights[row]!),
  };
}
