import { createRandom } from '../../core/random.js';
import { assertDataset, type Dataset, type Task } from './dataset.js';
import { answersFromScores } from './gbdt/answers.js';
import { type BinnedData, binDataset } from './gbdt/binned-data.js';
import { type Boosted, boost } from './gbdt/boost.js';
import { createLoss } from './gbdt/losses.js';
import { type Model, modelFeature } from './gbdt/model.js';
import { holdOutRows, weightedRows } from './hold-out.js';
import { exportOnnx } from './onnx/export-onnx.js';
import { type Parameters, resolveParameters } from './parameters.js';
import { type ValidationMetrics, validationMetrics } from './validation-metrics.js';

/** What to train. */
export interface TrainInput {
  readonly dataset: Dataset;
  readonly task: Task;
  /** Class names in index order: two for binary, two or more for multiclass, none for regression. */
  readonly classes: readonly string[];
  /** Integer; the same seed on the same dataset gives the same model bit for bit. */
  readonly seed: number;
  readonly parameters?: Partial<Parameters>;
}

/** A trained model with its evidence. */
export interface TrainResult {
  readonly model: Model;
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
 * Trains boosted trees: finds the number of iterations on held-out rows, then refits on all rows with that number times
 * `refitFactor`, within `iterations` and `trees`. Uses one core and no files.
 * @throws RangeError  the dataset, the classes, the seed or a parameter is not usable; the message says which and why
 */
export function train({ dataset, task, classes, seed, parameters: given }: TrainInput): TrainResult {
  const parameters = resolveParameters(task, given);
  assertClasses(task, classes);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`train: seed ${seed} is not an integer`);
  assertDataset(dataset, classes.length);
  const random = createRandom(seed);
  const rows = weightedRows(dataset);
  const data = binDataset(dataset, rows, parameters.categoryRows);
  const loss = createLoss(task, classes.length, { target: dataset.target, weights: scaledWeights(dataset, rows) });
  const iterations = Math.max(1, Math.min(parameters.iterations, Math.floor(parameters.trees / loss.outputs)));
  const leafRows = Math.min(parameters.leafRows, Math.max(2, Math.floor(rows.length / 50)));
  const settings = { ...parameters, data, loss, random, limits: { ...parameters, leafRows } };

  const { kept, heldOut } = holdOutRows(dataset, parameters.heldOutShare, random);
  const trial = boost({ ...settings, rows: kept, heldOut, iterations });
  const answers = answersFromScores(trial.heldOutScores, dataset.rows, task, classes.length);
  const refitIterations = Math.min(iterations, Math.max(1, Math.round(trial.iterations * parameters.refitFactor)));
  const final = boost({ ...settings, rows, heldOut: new Int32Array(0), iterations: refitIterations });

  const model = toModel(task, classes, data, final);
  return {
    model,
    iterations: final.iterations,
    validation: validationMetrics({ ...dataset, task, classCount: classes.length, rows: heldOut, answers }),
    onnx: exportOnnx(model),
    featureImportance: shares(data, final.gains),
  };
}

function assertClasses(task: Task, classes: readonly string[]): void {
  const wanted = task === 'regression' ? 'none' : task === 'binary' ? 'exactly 2' : 'at least 2';
  const fits =
    task === 'regression'
      ? classes.length === 0
      : classes.length === 2 || (task === 'multiclass' && classes.length > 2);
  if (!fits) throw new RangeError(`train: task ${task} got ${classes.length} classes, needs ${wanted}`);
  if (new Set(classes).size < classes.length)
    throw new RangeError(`train: classes ${classes.join(', ')} are not distinct`);
}

/** Weights divided by their mean, so that the limits on leaves mean the same whatever unit the weights are in. */
function scaledWeights(dataset: Dataset, rows: Int32Array): Float64Array {
  let sum = 0;
  for (const row of rows) sum += dataset.weights[row]!;
  return dataset.weights.map((weight) => (weight * rows.length) / sum);
}

function toModel(task: Task, classes: readonly string[], data: BinnedData, boosted: Boosted): Model {
  return { task, classes, features: data.encodings.map(modelFeature), base: boosted.base, trees: boosted.trees };
}

function shares(data: BinnedData, gains: Float64Array): TrainResult['featureImportance'] {
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  return data.encodings.map(({ name }, i) => ({ name, importance: total > 0 ? gains[i]! / total : 0 }));
}
