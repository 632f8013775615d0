import { sameLabel, type TargetReading } from './read-target.js';
import type { RawAnswers } from './run-model.js';

/** How well answers fit a column. */
export interface Agreement {
  /** 1 for the column itself, 0 for the one best answer to all rows (its most frequent class, or its mean); may be below 0. */
  skill: number;
  /** The same in words: "97.5 % of 120 rows", "R² 0.82". */
  words: string;
}

/** Compares what a model answers with the column that may be its target. */
export function agreement(answers: RawAnswers, cells: string[], reading: TargetReading): Agreement {
  return reading.task === 'regression'
    ? ofValues(answers, cells.map(Number))
    : ofClasses(answers, cells, reading.classes);
}

function ofValues({ scores }: RawAnswers, truth: number[]): Agreement {
  const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
  const squares = (answer: (i: number) => number): number =>
    truth.reduce((sum, value, i) => sum + (value - answer(i)) ** 2, 0);
  const skill = 1 - squares((i) => scores?.[i] ?? mean) / squares(() => mean);
  return { skill: Number.isFinite(skill) ? skill : 0, words: `R² ${skill.toFixed(2)} on ${truth.length} rows` };
}

function ofClasses(answers: RawAnswers, cells: string[], classes: string[]): Agreement {
  const answered = classesOf(answers, classes);
  const right = cells.filter((cell, i) => sameLabel(cell, answered[i] ?? '')).length / cells.length;
  const most = Math.max(...classes.map((name) => cells.filter((cell) => sameLabel(cell, name)).length)) / cells.length;
  const skill = most === 1 ? right : (right - most) / (1 - most);
  return { skill, words: `${(right * 100).toFixed(1)} % of ${cells.length} rows` };
}

/** The class answered to each row: by the label output, which may give the place of the class, or by the largest score. */
export function classesOf({ rows, labels, scores, width }: RawAnswers, classes: string[]): (string | undefined)[] {
  if (labels) return labels.map((label) => classes.find((name) => sameLabel(name, label)) ?? classes[Number(label)]);
  const middle = scores && areProbabilities(scores, 1) ? 0.5 : 0;
  return Array.from({ length: rows }, (_, row) => {
    if (width === 1) return classes[scores![row]! > middle ? 1 : 0];
    const own = scores!.subarray(row * width, (row + 1) * width);
    return classes[own.indexOf(Math.max(...own))];
  });
}

/** What float32 leaves of a sum of 1, for some hundred classes. */
const ROUNDING = 1e-3;

/** Whether numbers, `width` a row, can be the probabilities of classes: between 0 and 1, and 1 in all where there are several. */
export function areProbabilities(scores: Float32Array, width: number): boolean {
  if (scores.some((score) => !(score >= -ROUNDING && score <= 1 + ROUNDING))) return false;
  if (width === 1) return true;
  for (let at = 0; at < scores.length; at += width) {
    const sum = scores.subarray(at, at + width).reduce((total, score) => total + score, 0);
    if (Math.abs(sum - 1) > ROUNDING) return false;
  }
  return true;
}
