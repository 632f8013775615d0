import type { PredictionBatch } from '../../core/inference/batch.js';
import type { Manifest } from '../../core/manifest/manifest.js';

const BINS = 10;

/**
 * Expected calibration error of the answered classes, 0 to 1: rows are put into ten bins of equal width by the probability of
 * the class that was answered; the mean over rows of |share that was right - mean probability| of their bin (Guo et al. 2017,
 * "On calibration of modern neural networks", equation 3). With few rows it is above 0 by chance alone, so it is compared
 * between models on the same rows.
 * @throws RangeError  no rows, or no probabilities
 */
export function expectedCalibrationError(
  manifest: Pick<Manifest, 'classes'>,
  predictions: PredictionBatch,
  targets: string[],
): number {
  const { labels, probabilities } = predictions;
  if (!labels || !probabilities || targets.length === 0) {
    throw new RangeError('expectedCalibrationError requires rows with classes and probabilities');
  }
  const right = new Float64Array(BINS);
  const confidence = new Float64Array(BINS);
  targets.forEach((target, row) => {
    const label = labels[row]!;
    const p = probabilities[row * manifest.classes.length + manifest.classes.indexOf(label)]!;
    const bin = Math.min(BINS - 1, Math.floor(p * BINS));
    confidence[bin]! += p;
    if (label === target) right[bin]! += 1;
  });
  // n_b / n * |right / n_b - confidence / n_b|: the rows of the bin cancel out.
  return right.reduce((sum, count, bin) => sum + Math.abs(count - confidence[bin]!), 0) / targets.length;
}
