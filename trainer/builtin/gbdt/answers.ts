import type { Task } from '../dataset.js';

/**
 * Turns raw scores (entry output * rows + row) into answers (entry row * answers + i): the value itself, or the probability of
 * each class by the logistic function or softmax.
 */
export function answersFromScores(scores: Float64Array, rows: number, task: Task, classCount: number): Float64Array {
  if (task === 'regression') return scores.slice(0, rows);
  const answers = new Float64Array(rows * classCount);
  for (let row = 0; row < rows; row++) {
    if (task === 'binary') {
      const positive = 1 / (1 + Math.exp(-scores[row]!));
      answers[row * 2] = 1 - positive;
      answers[row * 2 + 1] = positive;
      continue;
    }
    softmaxRow(scores, rows, row, answers.subarray(row * classCount, (row + 1) * classCount));
  }
  return answers;
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

/** Index of the largest probability of a row; the first one at a tie. */
export function mostProbable(answers: Float64Array, row: number, classCount: number): number {
  let best = 0;
  for (let i = 1; i < classCount; i++) {
    if (answers[row * classCount + i]! > answers[row * classCount + best]!) best = i;
  }
  return best;
}
