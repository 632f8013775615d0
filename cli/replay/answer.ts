import type { FeatureBatch, PredictionBatch } from '../../core/inference/batch.js';

/** An answer to one row; numbers are float32 values. */
export interface Answer {
  label?: string;
  /** Class probabilities in the order of the manifest. */
  scores?: number[];
  value?: number;
  /** Class of the error that the model failed with; then there is nothing else. */
  errorClass?: string;
}

/** The answer to the first row of a batch; as the service does, NaN and infinity count as a failure. */
export function answerOf({ rows, labels, probabilities, values }: PredictionBatch): Answer {
  const numbers = probabilities ?? values;
  if (numbers && !numbers.every(Number.isFinite)) return { errorClass: 'NotANumberError' };
  return {
    ...(labels && { label: labels[0]! }),
    ...(probabilities && { scores: Array.from(probabilities.subarray(0, probabilities.length / rows)) }),
    ...(values && { value: values[0]! }),
  };
}

/** What differs first between two answers, in a sentence; undefined when they are the same bit for bit. */
export function firstDifference(stored: Answer, replayed: Answer): string | undefined {
  for (const part of ['errorClass', 'label', 'value'] as const) {
    if (!Object.is(stored[part], replayed[part])) return describe(part, stored[part], replayed[part]);
  }
  const [before = [], now = []] = [stored.scores, replayed.scores];
  if (before.length !== now.length) return describe('number of scores', before.length, now.length);
  const at = before.findIndex((score, i) => !Object.is(score, now[i]));
  return at === -1 ? undefined : describe(`score ${at}`, before[at], now[at]);
}

function describe(part: string, stored: unknown, replayed: unknown): string {
  return `${part} was ${stored ?? 'none'} and is ${replayed ?? 'none'} now`;
}

/** A batch of the same row many times. */
export function repeatRow({ numeric, categorical }: FeatureBatch, rows: number): FeatureBatch {
  const many = new Float64Array(numeric.length * rows);
  for (let row = 0; row < rows; row++) many.set(numeric, row * numeric.length);
  return { rows, numeric: many, categorical: Array.from({ length: rows }, () => categorical).flat() };
}
