import type { Manifest } from '../../core/manifest/manifest.js';
import type { Problem } from '../../core/problems.js';
import { type Agreement, agreement } from './agreement.js';
import type { Candidate } from './candidates.js';
import type { InputPlan } from './input-plan.js';
import { observedLabels } from './observed-labels.js';
import { readTarget, type TargetReading } from './read-target.js';
import { type Outputs, type RawAnswers, runModel, sampleRows } from './run-model.js';
import type { Signature } from './signature.js';
import { type NamedTable, type TypedFeatures, typeFeatures } from './type-features.js';

/** What is known before the columns are told apart. */
export interface Known {
  signature: Pick<Signature, 'onnx' | 'labels'>;
  plan: InputPlan;
  outputs: Outputs;
  /** The training rows first. */
  tables: [NamedTable, ...NamedTable[]];
  /** Said by a person; `none` for no target. */
  target?: string | undefined;
  features?: string[] | undefined;
  task?: Manifest['task'] | undefined;
}

/** Columns that can be features and target, and what speaks for it. */
export interface Found extends Candidate {
  typed: TypedFeatures;
  /** To some of the rows. */
  answers: RawAnswers;
  /** Absent without a target. */
  reading?: TargetReading;
  agreement?: Agreement;
}

/** Why columns cannot be read in a way; whether it is cells of a feature that forbid it. */
export interface Failed {
  problems: Problem[];
  ofCells: boolean;
}

/** Tries a way to read the columns: types them, and runs the model on some rows. */
export async function tryWay(way: Candidate, known: Known): Promise<Found | Failed> {
  const { signature, plan, outputs, tables, task } = known;
  const [{ file, table }] = tables;
  const fail = (message: string): Failed => ({ problems: [{ where: `${file}:1`, message }], ofCells: false });
  const typed = typeFeatures(way.features, tables, plan);
  if (typed.problems.length > 0) return { problems: typed.problems, ofCells: true };
  const sample = sampleRows(table);
  const run = runModel(signature.onnx, typed.features, plan.kind, outputs, sample);
  const answers = await run.catch((error: Error) => error);
  if (answers instanceof Error) return fail(`the model fails on the rows: ${answers.message}`);
  const { target } = way;
  if (target === undefined) return { ...way, typed, answers };
  const signs = {
    labels: signature.labels ?? observedLabels(answers),
    hasLabelOutput: outputs.label !== undefined,
    width: answers.width,
  };
  const reading = readTarget(cellsOf(table.rows, target), signs, task);
  if (typeof reading === 'string') return fail(`column "${target}" cannot be the target: it ${reading}`);
  return { ...way, typed, answers, reading, agreement: agreement(answers, cellsOf(sample.rows, target), reading) };
}

function cellsOf(rows: Record<string, string>[], column: string): string[] {
  return rows.map((row) => row[column] ?? '');
}
