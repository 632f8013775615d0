import type { Manifest } from '../manifest/manifest.js';
import { interpolate } from './isotonic.js';
import type { ReferencePerformance } from './reference-performance.js';

/**
 * Makes a function that gives the probability of each class being true of a row, from the model's scores by the frozen
 * calibration: of a binary model that of the positive class and its complement, else those of every class brought to a sum
 * of 1 (evenly, where all are 0). As NannyML 0.13.1 does.
 * @returns probabilities in the order of the classes, in an array that is used again; undefined for scores that are not numbers
 */
export function createExpectedTruth(
  manifest: Pick<Manifest, 'classes' | 'positiveClass' | 'task'>,
  frozen: Pick<ReferencePerformance, 'calibration'>,
): (scores: ArrayLike<number>) => Float64Array | undefined {
  const truth = new Float64Array(manifest.classes.length);
  const calibrated = (index: number, score: number): number => {
    const knots = frozen.calibration[index];
    return knots ? interpolate(knots, score) : score;
  };
  const positive = positiveIndex(manifest);
  if (positive !== -1) {
    return (scores) => {
      const score = scores[positive]!;
      if (!Number.isFinite(score)) return undefined;
      truth[positive] = calibrated(positive, score);
      truth[1 - positive] = 1 - truth[positive]!;
      return truth;
    };
  }
  return (scores) => {
    let sum = 0;
    for (let i = 0; i < truth.length; i++) {
      if (!Number.isFinite(scores[i]!)) return undefined;
      truth[i] = calibrated(i, scores[i]!);
      sum += truth[i]!;
    }
    for (let i = 0; i < truth.length; i++) truth[i] = sum > 0 ? truth[i]! / sum : 1 / truth.length;
    return truth;
  };
}

/** Index of the positive class of a binary model; -1 for any other. */
export function positiveIndex(manifest: Pick<Manifest, 'classes' | 'positiveClass' | 'task'>): number {
  if (manifest.task !== 'binary' || manifest.classes.length !== 2) return -1;
  return manifest.classes.indexOf(manifest.positiveClass ?? '');
}
