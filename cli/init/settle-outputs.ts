import type { OnnxMapping } from '../../core/manifest/manifest.js';
import { decodeOnnx, encodeOnnx } from '../../core/onnx/model-file.js';
import { type Problem, ProblemsError } from '../../core/problems.js';
import { areProbabilities } from './agreement.js';
import { appendLink, dropOutput } from './edit-outputs.js';
import type { TargetReading } from './read-target.js';
import type { Outputs, RawAnswers } from './run-model.js';

/** The model as it will be served. */
export interface Settled {
  onnx: Uint8Array;
  mapping: Omit<OnnxMapping, 'input'>;
  /** What was changed in the file, in words. */
  changes: string[];
}

/**
 * Makes the float output of a classifier probabilities: raw scores (logits) get their softmax or sigmoid; where the model has
 * labels beside scores that are none, only the labels are served.
 * @throws ProblemsError  the numbers are neither, or no numbers at all
 */
export function settleOutputs(
  onnx: Uint8Array,
  { label, scores }: Outputs,
  answers: RawAnswers,
  { task, classes }: TargetReading,
  where: string,
): Settled {
  const numbers = answers.scores;
  if (scores === undefined || !numbers) return { onnx, mapping: label === undefined ? {} : { label }, changes: [] };
  const fail = (message: string): never => {
    throw new ProblemsError(where, [{ where, message } satisfies Problem]);
  };
  if (numbers.some((number) => !Number.isFinite(number))) {
    fail(
      'answers some rows with NaN or infinity; where values are missing, fill them in, or export the whole pipeline with the step that does',
    );
  }
  if (task === 'regression') {
    if (answers.width !== 1) fail(`output "${scores}" has ${answers.width} numbers a row; a regression has one`);
    return { onnx, mapping: { value: scores }, changes: [] };
  }
  const mapping = { ...(label !== undefined && { label }), probabilities: scores };
  const isWidth = answers.width === classes.length || (answers.width === 1 && classes.length === 2);
  if (isWidth && areProbabilities(numbers, answers.width)) return { onnx, mapping, changes: [] };
  const model = decodeOnnx(onnx);
  if (label !== undefined) {
    dropOutput(model, scores);
    const change = `its output "${scores}" holds no probabilities, so it was taken away: answers have a label alone`;
    return { onnx: encodeOnnx(model, 'unpacked'), mapping: { label }, changes: [change] };
  }
  if (!isWidth) fail(`output "${scores}" has ${answers.width} numbers a row, and there are ${classes.length} classes`);
  if (numbers.every((number) => number >= 0 && number <= 1)) {
    fail(
      `output "${scores}" has ${answers.width} numbers a row between 0 and 1 that do not sum to 1; end the model with a softmax, or without any`,
    );
  }
  const probabilities = appendLink(model, scores, answers.width);
  const link = answers.width === 1 ? 'sigmoid' : 'softmax';
  const change = `its output "${scores}" holds raw scores (logits); "${probabilities}", their ${link}, took its place`;
  return { onnx: encodeOnnx(model, 'unpacked'), mapping: { probabilities }, changes: [change] };
}
