import type { PredictionBatch } from '../../core/inference/batch.js';
import type { Manifest } from '../../core/manifest/manifest.js';

/** The answers to one request, filled slice by slice; the same shape as the model gives. */
export type Answer = PredictionBatch;

/** Room for the answers to `rows` rows. */
export function emptyAnswer(manifest: Manifest, rows: number): Answer {
  if (manifest.task === 'regression') return { rows, values: new Float32Array(rows) };
  const labels = new Array<string>(rows);
  if (manifest.onnx.probabilities === undefined) return { rows, labels };
  return { rows, labels, probabilities: new Float32Array(rows * manifest.classes.length) };
}

/** Copies `rows` rows of a run's answers, from its row `from` on, to row `to` of a request's. */
export function copyAnswers(source: PredictionBatch, from: number, target: Answer, to: number, rows: number): void {
  const { labels, probabilities, values } = source;
  if (values) for (let i = 0; i < rows; i++) target.values![to + i] = values[from + i]!;
  if (labels) for (let i = 0; i < rows; i++) target.labels![to + i] = labels[from + i]!;
  if (!probabilities) return;
  const width = probabilities.length / source.rows;
  const end = (from + rows) * width;
  for (let i = from * width, j = to * width; i < end; i++, j++) target.probabilities![j] = probabilities[i]!;
}

/** Whether every number of an answer is one: JSON and Postgres have no use for NaN and infinity. */
export function hasOnlyNumbers(answer: Answer): boolean {
  const numbers = answer.probabilities ?? answer.values;
  if (numbers) for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) return false;
  return true;
}
