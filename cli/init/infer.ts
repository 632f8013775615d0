import type { Manifest, Metric, OnnxMapping } from '../../core/manifest/manifest.js';
import type { FeatureSource } from '../../core/manifest/schema.js';
import { type Problem, ProblemsError } from '../../core/problems.js';
import { classesOf } from './agreement.js';
import { findTarget } from './find-target.js';
import { type InputPlan, planInputs } from './input-plan.js';
import { observedLabels } from './observed-labels.js';
import { pickOutputs } from './pick-outputs.js';
import { readTarget, sameLabel, type TargetReading } from './read-target.js';
import { type Outputs, runModel } from './run-model.js';
import { settleOutputs } from './settle-outputs.js';
import type { Signature } from './signature.js';
import type { Found } from './try-way.js';
import type { NamedTable } from './type-features.js';

/** What a model project is made from. */
export interface Sources {
  signature: Signature;
  /** The name of the ONNX file in messages. */
  onnxFile: string;
  training: NamedTable;
  test?: NamedTable;
}

/** What a person said beforehand; anything else is inferred. */
export interface Wishes {
  /** A column, or `none`. */
  target?: string;
  features?: string[];
  task?: Manifest['task'];
  output?: string;
  positiveClass?: string;
}

/** A model project that can be written. */
export interface Draft {
  onnx: Uint8Array;
  mapping: OnnxMapping;
  task: Manifest['task'];
  classes: string[];
  /** Binary only. */
  positiveClass?: string;
  /** Whether the model leaves open which class is the positive one. */
  mayChoosePositive: boolean;
  features: FeatureSource[];
  metric: Metric;
  /** The truth of the training rows: their target, or the model's own answers where they have none. */
  targets: string[];
  /** How features and target were told apart. */
  found: Found;
  /** What was changed in the ONNX file, in words. */
  changes: string[];
}

/** Infers a model project from what the ONNX file and the rows say. @throws ProblemsError  what they leave open, or contradict */
export async function infer({ signature, onnxFile, training, test }: Sources, wishes: Wishes): Promise<Draft> {
  const problems: Problem[] = [];
  const plan = planInputs(signature.inputs, training.table.columns, onnxFile, problems);
  const outputs = pickOutputs(signature.outputs, wishes.output, onnxFile, problems);
  if (!plan || !outputs) throw new ProblemsError(onnxFile, problems);
  const tables: [NamedTable, ...NamedTable[]] = test ? [training, test] : [training];
  const { target, features, task } = wishes;
  const found = await findTarget({ signature, plan, outputs, tables, target, features, task });
  if (test) assertColumns(test, found);
  const reading = found.reading ?? readWithoutTarget(signature, outputs, found, onnxFile, task);
  const settled = settleOutputs(signature.onnx, outputs, found.answers, reading, onnxFile);
  const mapping: OnnxMapping = { input: plan.kind, ...settled.mapping };
  const targets = found.target
    ? training.table.rows.map((row) => asLabel(row[found.target!] ?? '', reading.classes))
    : await ownAnswers(settled.onnx, mapping, plan, found, reading, training);
  return {
    ...reading,
    ...choosePositive(reading, found.answers.width, wishes.positiveClass, onnxFile),
    onnx: settled.onnx,
    mapping,
    features: found.typed.features,
    metric: found.target ? chooseMetric(reading, mapping, targets) : reading.task === 'regression' ? 'mae' : 'accuracy',
    targets,
    found,
    changes: [...signature.changes, ...settled.changes],
  };
}

/** A cell of the target as the model's classes have it: 1 for 1.0. */
export function asLabel(cell: string, classes: string[]): string {
  return classes.find((name) => sameLabel(name, cell)) ?? cell;
}

function assertColumns({ file, table }: NamedTable, { target, features }: Found): void {
  const lost = [...features, ...(target ? [target] : [])].filter((name) => !table.columns.includes(name));
  const message = target
    ? `has no column ${lost.map((name) => `"${name}"`).join(', ')}; its columns are ${table.columns.join(', ')}`
    : 'is of no use, as no column of the training rows holds the truth; name it with --target, or leave --test out';
  if (lost.length > 0 || !target) throw new ProblemsError(file, [{ where: `${file}:1`, message }]);
}

function readWithoutTarget(
  signature: Signature,
  outputs: Outputs,
  { answers }: Found,
  where: string,
  task: Wishes['task'],
): TargetReading {
  const labels = signature.labels ?? observedLabels(answers);
  const cells = labels ? [] : (answers.labels ?? []);
  const reading = readTarget(
    cells,
    { labels, hasLabelOutput: outputs.label !== undefined, width: answers.width },
    task,
  );
  if (typeof reading !== 'string') return reading;
  const message = `without a target its classes are not known: what it answers ${reading}; name the target with --target`;
  throw new ProblemsError(where, [{ where, message }]);
}

async function ownAnswers(
  onnx: Uint8Array,
  mapping: OnnxMapping,
  plan: InputPlan,
  { typed }: Found,
  { task, classes }: TargetReading,
  { table }: NamedTable,
): Promise<string[]> {
  const scores = mapping.probabilities ?? mapping.value;
  const outputs = scores === undefined ? { label: mapping.label! } : { scores };
  const answers = await runModel(onnx, typed.features, plan.kind, outputs, table);
  if (task === 'regression') return Array.from(answers.scores!, String);
  return classesOf(answers, classes).map((name) => name ?? '');
}

function choosePositive(
  { task, classes }: TargetReading,
  width: number,
  wanted: string | undefined,
  where: string,
): Pick<Draft, 'positiveClass' | 'mayChoosePositive'> {
  const fail = (message: string): never => {
    throw new ProblemsError(where, [{ where, message }]);
  };
  if (task !== 'binary') {
    if (wanted !== undefined) fail(`is ${task}, so it has no positive class; leave --positive-class out`);
    return { mayChoosePositive: false };
  }
  // The one number of such a model is the probability of its second class.
  if (width === 1 && wanted !== undefined && wanted !== classes[1]) {
    fail(`gives one number a row, the probability of "${classes[1]}": that is its positive class, not "${wanted}"`);
  }
  if (wanted !== undefined && !classes.includes(wanted)) {
    fail(`has no class "${wanted}"; its classes are ${classes.join(', ')}`);
  }
  return { positiveClass: wanted ?? classes[1]!, mayChoosePositive: width !== 1 };
}

/** From this share of one class on, accuracy hardly tells models apart. */
const LOPSIDED = 0.8;

function chooseMetric({ task, classes }: TargetReading, { probabilities }: OnnxMapping, targets: string[]): Metric {
  if (task === 'regression') return 'mae';
  const most = Math.max(...classes.map((name) => targets.filter((target) => target === name).length)) / targets.length;
  return probabilities !== undefined && most >= LOPSIDED ? 'log_loss' : 'accuracy';
}
