import type { TrainingMetric } from '../../../core/training/plan.js';
import { lossOf } from '../metric.js';
import type { Family } from '../model.js';
import { type ValidationMetrics, validationMetrics } from '../validation-metrics.js';
import type { FoldRunner } from './fold-runner.js';
import type { FoldContext, FoldResult } from './fold-work.js';
import { type Proposal, propose } from './propose.js';
import { bestTrial, type Trial } from './trial.js';

/** What to search. */
export interface SearchOptions {
  readonly context: FoldContext;
  readonly runner: FoldRunner;
  /** Number of trials. */
  readonly trials: number;
  readonly families: readonly Family[];
  /** Whether, after a third of the trials, the number of features becomes a choice: the most important ones are kept. */
  readonly featureSearch: boolean;
  /** No trial is begun once it says so. */
  readonly isOver: () => boolean;
  readonly onTrial: (trial: Trial) => void;
}

/** What a search found. */
export interface SearchResult {
  readonly trials: readonly Trial[];
  readonly best: Trial;
  /** By feature: rise of the metric's loss when its values are shuffled, mean over the folds of the best trial. */
  readonly importance: readonly number[];
}

/** Trials that are proposed at a time, from the same knowledge; not the number of threads, which must change nothing. */
const BATCH = 4;
/** Complete trials before others are given up early. */
const LEAST_TO_COMPARE = 5;

/**
 * Tries candidates by cross-validation and learns from them which to try next (see `propose`). The same for the same seed,
 * whatever the number of threads, unless `isOver` ends it.
 * @throws RangeError  no trial could be scored
 */
export async function search(options: SearchOptions): Promise<SearchResult> {
  const { context, runner, families } = options;
  const { prepared, settings } = context;
  const { dataset, task, classes } = prepared;
  const trials: Trial[] = [];
  let ranking: number[] | undefined;
  while (trials.length < options.trials && (trials.length === 0 || !options.isOver())) {
    const input = { task, dataset, classCount: classes.length, ...(ranking && { ranking }) };
    const count = Math.min(BATCH, options.trials - trials.length);
    const batch = Array.from({ length: count }, (_, i) =>
      propose({ number: trials.length + i, seed: settings.seed, families, input, trials }),
    );
    for (const trial of await tryAll(context, runner, batch, trials)) {
      trials.push(trial);
      options.onTrial(trial);
    }
    if (options.featureSearch && ranking === undefined && trials.length * 3 >= options.trials) {
      ranking = rank(await importanceOf(context, runner, best(trials, settings.metric)));
    }
  }
  const found = best(trials, settings.metric);
  return { trials, best: found, importance: await importanceOf(context, runner, found) };
}

function best(trials: readonly Trial[], metric: TrainingMetric): Trial {
  const found = bestTrial(trials);
  if (found) return found;
  throw new RangeError(
    `train: ${metric} is no number on the held-out rows of any trial; give more rows or training.metric`,
  );
}

/** Scores a batch: all on the first fold, then those that are not given up on the others. */
async function tryAll(
  context: FoldContext,
  runner: FoldRunner,
  batch: readonly Proposal[],
  earlier: readonly Trial[],
): Promise<Trial[]> {
  const task = (proposal: Proposal, fold: number) => ({ kind: 'score', candidate: proposal.candidate, fold }) as const;
  const first = await runner.run(batch.map((proposal) => task(proposal, 0)));
  const limit = firstLossLimit(earlier);
  const isKept = first.map((result) => lossOfFold(context, result, 0) <= limit);
  const others = [...context.folds.keys()].slice(1);
  const kept = batch.filter((_, i) => isKept[i]);
  const rest = await runner.run(kept.flatMap((proposal) => others.map((fold) => task(proposal, fold))));
  return batch.map((proposal, i) => {
    const at = kept.indexOf(proposal) * others.length;
    return toTrial(context, proposal, isKept[i] ? [first[i]!, ...rest.slice(at, at + others.length)] : [first[i]!]);
  });
}

/** The median of the losses of complete trials on the first fold; infinite while there are few. */
function firstLossLimit(earlier: readonly Trial[]): number {
  const losses = earlier.filter(({ state }) => state === 'complete').map(({ foldLosses }) => foldLosses[0]!);
  if (losses.length < LEAST_TO_COMPARE) return Infinity;
  return losses.sort((a, b) => a - b)[Math.floor(losses.length / 2)]!;
}

function toTrial(context: FoldContext, proposal: Proposal, results: readonly FoldResult[]): Trial {
  const metrics = metricsOf(context, results);
  const mean = (of: (result: FoldResult) => number): number =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length;
  return {
    ...proposal,
    state: results.length < context.folds.length ? 'pruned' : 'complete',
    metrics,
    loss: lossOf(metrics, context.settings.metric),
    foldLosses: results.map((result, fold) => lossOfFold(context, result, fold)),
    iterations: mean(({ iterations }) => iterations),
    seconds: mean(({ seconds }) => seconds) * results.length,
  };
}

function lossOfFold(context: FoldContext, result: FoldResult, fold: number): number {
  return lossOf(metricsOf(context, [result], fold), context.settings.metric);
}

/** Quality over the rows held out in these folds together. */
function metricsOf({ prepared, folds }: FoldContext, results: readonly FoldResult[], fold = 0): ValidationMetrics {
  const { dataset, task, classes } = prepared;
  const width = Math.max(1, classes.length);
  const answers = new Float64Array(dataset.rows * width);
  const rows = results.flatMap(({ numbers }, i) => {
    const { heldOut } = folds[fold + i]!;
    heldOut.forEach((row, at) => {
      answers.set(numbers.subarray(at * width, (at + 1) * width), row * width);
    });
    return [...heldOut];
  });
  return validationMetrics({ ...dataset, task, classCount: classes.length, rows: Int32Array.from(rows), answers });
}

async function importanceOf(context: FoldContext, runner: FoldRunner, { candidate }: Trial): Promise<number[]> {
  const folds = [...context.folds.keys()];
  const results = await runner.run(folds.map((fold) => ({ kind: 'importance', candidate, fold }) as const));
  const features = context.prepared.dataset.columns;
  return features.map((_, i) => results.reduce((sum, { numbers }) => sum + numbers[i]!, 0) / folds.length);
}

/** Features from the most to the least important one. */
function rank(importance: readonly number[]): number[] {
  return [...importance.keys()].sort((a, b) => importance[b]! - importance[a]! || a - b);
}
