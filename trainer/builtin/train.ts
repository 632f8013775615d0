import { createRandom } from '../../core/random.js';
import type { Candidate } from './candidate.js';
import { fitTrees } from './fit-candidate.js';
import { answersFromScores } from './gbdt/answers.js';
import type { TreeModel } from './gbdt/model.js';
import { holdOutRows } from './hold-out.js';
import { exportOnnx } from './onnx/export-onnx.js';
import { type Parameters, resolveParameters } from './parameters.js';
import { prepare, type Subject } from './prepare.js';
import { type ValidationMetrics, validationMetrics } from './validation-metrics.js';

/** What to train, by given parameters. */
export interface TrainInput extends Subject {
  /** Integer; the same seed on the same dataset gives the same model bit for bit. */
  readonly seed: number;
  readonly parameters?: Partial<Parameters>;
}

/** A trained model with its evidence. */
export interface TrainResult {
  readonly model: TreeModel;
  /** What it was trained as. */
  readonly candidate: Candidate;
  /** Iterations of the model returned. */
  readonly iterations: number;
  /** Quality, on the rows held out, of the model that was grown without them (not of the one returned, which has seen all). */
  readonly validation: ValidationMetrics;
  /** The model as an ONNX file. */
  readonly onnx: Uint8Array;
  /** By feature, in the dataset's order: its share of all falls in loss; sums to 1, or all 0 where nothing could be split. */
  readonly featureImportance: readonly { readonly name: string; readonly importance: number }[];
}

/**
 * Trains boosted trees without a search: finds the number of iterations on held-out rows, then refits on all rows with that
 * number times `refitFactor`, within `iterations` and `trees`. Uses one core and no files.
 * @throws RangeError  the dataset, the classes, the seed or a parameter is not usable; the message says which and why
 */
export function train({ seed, parameters: given, ...subject }: TrainInput): TrainResult {
  const { dataset, task, classes } = subject;
  const parameters = resolveParameters(task, given);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`train: seed ${seed} is not an integer`);
  const prepared = prepare(subject, parameters.categoryRows);
  const features = [...dataset.columns.keys()];
  const candidate: Candidate = { family: 'boosting', parameters, logTarget: false, features };

  const { kept, heldOut } = holdOutRows(dataset, parameters.heldOutShare, createRandom(seed));
  const trial = fitTrees(prepared, { candidate, rows: kept, heldOut, seed });
  const answers = answersFromScores(trial.heldOutScores, dataset.rows, trial.model.link, classes.length);
  const iterations = Math.max(1, Math.round(trial.iterations * parameters.refitFactor));
  const none = new Int32Array(0);
  const final = fitTrees(prepared, { candidate, rows: prepared.rows, heldOut: none, seed: seed + 1, iterations });

  return {
    model: final.model,
    candidate,
    iterations: final.iterations,
    validation: validationMetrics({ ...dataset, task, classCount: classes.length, rows: heldOut, answers }),
    onnx: exportOnnx(final.model),
    featureImportance: dataset.columns.map(({ name }, i) => ({ name, importance: final.shares[i]! })),
  };
}
