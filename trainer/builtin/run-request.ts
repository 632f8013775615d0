import type { Manifest } from '../../core/manifest/manifest.js';
import type { PlannedRequest, TrainingRows } from '../../core/training/contract.js';
import type { TrainingMetric } from '../../core/training/plan.js';
import { formatTrial } from '../../core/training/trials.js';
import { lossOf, metricFromLoss } from './metric.js';
import { FAMILIES, type Family } from './model.js';
import type { Subject } from './prepare.js';
import { createThreadRunner } from './search/fold-runner.js';
import { type Trial, trialRecord } from './search/trial.js';
import { toDataset } from './to-dataset.js';
import { train } from './train.js';
import { trainBySearch } from './train-by-search.js';
import type { ValidationMetrics } from './validation-metrics.js';

/** What a request is answered with. Of features, by name. */
export interface Trained {
  readonly onnx: Uint8Array;
  readonly validation: ValidationMetrics;
  readonly iterations: number;
  readonly family: Family;
  /** Share of what the model has learned. */
  readonly featureImportance: Readonly<Record<string, number>>;
  /** Rise of the loss when the feature's values are shuffled; only after a search. */
  readonly permutationImportance?: Readonly<Record<string, number>>;
  readonly trials: number;
  /** Number of the trial that was chosen; only after a search. */
  readonly bestTrial?: number;
}

/** Where what happens is said and kept. */
export interface Progress {
  say(line: string): void;
  /** Keeps a line of `trials.jsonl`. */
  onTrial(line: string): Promise<void>;
}

/**
 * Trains as a request asks: by the defaults where it asks for one trial of boosting, else by a search in worker threads.
 * @throws RangeError  the rows or the wishes are not usable
 */
export async function runRequest(
  { manifest, rows, request }: { manifest: Manifest; rows: TrainingRows; request: PlannedRequest },
  progress: Progress,
): Promise<Trained> {
  const { seed, training: plan } = request;
  const families = readFamilies(plan.families);
  const { task, classes } = manifest;
  const subject = { dataset: toDataset(manifest, rows), task, classes, classWeights: plan.classWeights };
  const byName = (numbers: readonly number[]) =>
    Object.fromEntries(numbers.map((number, i) => [manifest.features[i]!.name, number]));
  if (plan.trials === 1 && families[0] === 'boosting') {
    const { trained, trial } = trainByDefault(subject, seed, plan.metric);
    await progress.onTrial(formatTrial(trialRecord(trial, plan.metric, subject.dataset)));
    return trained;
  }
  const endsAt = performance.now() + plan.searchMinutes * 60_000;
  let kept = Promise.resolve();
  const tell = createTeller(plan.trials, plan.metric, progress);
  const found = await trainBySearch({
    subject,
    settings: { folds: plan.folds, seed, metric: plan.metric },
    trials: plan.trials,
    families,
    featureSearch: plan.featureSearch,
    isOver: () => performance.now() > endsAt,
    createRunner: (settings) => createThreadRunner(settings, plan.threads),
    onTrial: (trial) => {
      tell(trial);
      const line = formatTrial(trialRecord(trial, plan.metric, subject.dataset));
      kept = kept.then(() => progress.onTrial(line));
    },
  });
  await kept;
  const { onnx, iterations, best, trials } = found;
  const evidence = { family: best.candidate.family, trials: trials.length, bestTrial: best.number };
  const importances = { featureImportance: byName(found.shares), permutationImportance: byName(found.importance) };
  return { onnx, iterations, validation: best.metrics, ...evidence, ...importances };
}

/** One trial without a search: on a tenth of the rows, held out. */
function trainByDefault(subject: Subject, seed: number, metric: TrainingMetric): { trained: Trained; trial: Trial } {
  const began = performance.now();
  const { candidate, featureImportance, onnx, validation, iterations } = train({ ...subject, seed });
  const importance = Object.fromEntries(featureImportance.map((feature) => [feature.name, feature.importance]));
  const trained: Trained = {
    onnx,
    validation,
    iterations,
    family: 'boosting',
    trials: 1,
    featureImportance: importance,
  };
  const seconds = (performance.now() - began) / 1000;
  const trial = { number: 0, candidate, state: 'complete', metrics: validation, iterations, seconds } as const;
  return { trained, trial: { ...trial, loss: lossOf(validation, metric), foldLosses: [], point: [] } };
}

function readFamilies(wanted: readonly string[] | undefined): Family[] {
  if (wanted === undefined) return [...FAMILIES];
  return wanted.map((name) => {
    const family = FAMILIES.find((known) => known === name);
    if (family) return family;
    throw new RangeError(`train: training.families names "${name}", the built-in trainer has ${FAMILIES.join(', ')}`);
  });
}

/** Says how a trial went beside the best one so far. */
function createTeller(of: number, metric: TrainingMetric, { say }: Progress) {
  let best: Trial | undefined;
  return (trial: Trial): void => {
    if (trial.state === 'complete' && (!best || trial.loss < best.loss)) best = trial;
    const shown = (one: Trial): string => metricFromLoss(one.loss, metric).toPrecision(5);
    const state = trial.state === 'pruned' ? ', given up after a fold' : '';
    const compared = best ? `; best ${shown(best)} by trial ${best.number}` : '';
    const line = `${metric} ${shown(trial)} in ${trial.seconds.toFixed(1)} s${state}`;
    say(`trial ${trial.number + 1} of ${of}: ${trial.candidate.family}, ${line}${compared}`);
  };
}
