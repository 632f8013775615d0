/**
 * How raw scores become answers. none: the score itself; exp: e to the score, for a target learned as its logarithm;
 * logistic: the score is the log odds of the second of two classes; softmax: one score a class, in nats; shares: the score is
 * itself a probability, of the second of two classes or one a class, cut to [0, 1] and divided by their sum.
 */
export type Link = 'none' | 'exp' | 'logistic' | 'softmax' | 'shares';

/** Least share of a class before shares are divided by their sum, which is thereby never 0. */
export const LEAST_SHARE = 1e-7;

/**
 * Turns raw scores (entry output * rows + row) into answers (entry row * answers + i): the value, or the probability of each
 * class.
 * @param classCount  0 for a value
 */
export function answersFromScores(scores: Float64Array, rows: number, link: Link, classCount: number): Float64Array {
  if (classCount === 0) return scores.slice(0, rows).map((score) => (link === 'exp' ? Math.exp(score) : score));
  const answers = new Float64Array(rows * classCount);
  for (let row = 0; row < rows; row++) {
    const ofRow = answers.subarray(row * classCount, (row + 1) * classCount);
    if (link === 'logistic') fillPair(1 / (1 + Math.exp(-scores[row]!)), ofRow);
    else if (link === 'softmax') softmaxRow(scores, rows, row, ofRow);
    else if (classCount === 2) fillPair(Math.min(1, Math.max(0, scores[row]!)), ofRow);
    else sharesRow(scores, rows, row, ofRow);
  }
  return answers;
}

function fillPair(second: number, answers: Float64Array): void {
  answers[0] = 1 - second;
  answers[1] = second;
}

function softmaxRow(scores: Float64Array, rows: number, row: number, answers: Float64Array): void {
  let largest = -Infinity;
  for (let i = 0; i < answers.length; i++) largest = Math.max(largest, scores[i * rows + row]!);
  let sum = 0;
  for (let i = 0; i < answers.length; i++) {
    answers[i] = Math.exp(scores[i * rows + row]! - largest);
    sum += answers[i]!;
  }
  for (let i = 0; i < answers.length; i++) answers[i]! /= sum;
}

function sharesRow(scores: Float64Array, rows: number, row: number, answers: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < answers.length; i++) {
    answers[i] = Math.min(1, Math.max(LEAST_SHARE, scores[i * rows + row]!));
    sum += answers[i]!;
  }
  for (let i = 0; i < answers.length; i++) answers[i]! /= sum;
}

/** Index of the largest probability of a row; the first one at a tie. */
export function mostProbable(answers: Float64Array, row: number, classCount: number): number {
  let best = 0;
  for (let i = 1; i < classCount; i++) {
    if (answers[row * classCount + i]! > answers[row * classCount + best]!) best = i;
  }
  return best;
}
