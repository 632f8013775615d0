import { type ClassLayout, CONFIDENCE_BINS } from '../../core/performance/layout.js';
import type { CalibrationCheck } from './window-performance.js';

/**
 * How far the confidence in the answered class is from how often it was right, over the rows with outcomes: the expected
 * calibration error over ten bins of equal width (Guo et al. 2017), and what it stays below in about 95 % of windows when
 * calibration holds. That band takes the bins' shares to be normal: the error is then a weighted sum of half-normal
 * variables, whose mean and variance are known. With fewer than some ten rows a bin it is too narrow.
 * @returns null without rows
 */
export function checkCalibration(layout: ClassLayout, sums: ArrayLike<number>): CalibrationCheck | null {
  const bins = Array.from({ length: CONFIDENCE_BINS }, (_, bin) => {
    const rows = sums[layout.confidenceRows + bin]!;
    return {
      rows,
      confidence: sums[layout.confidence + bin]! / rows,
      accuracy: sums[layout.confidenceRight + bin]! / rows,
    };
  }).filter((bin) => bin.rows > 0);
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  if (rows === 0) return null;
  let error = 0;
  let mean = 0;
  let variance = 0;
  for (const bin of bins) {
    const weight = bin.rows / rows;
    const standardError = Math.sqrt((bin.confidence * (1 - bin.confidence)) / bin.rows);
    error += weight * Math.abs(bin.confidence - bin.accuracy);
    mean += weight * standardError * HALF_NORMAL_MEAN;
    variance += (weight * standardError) ** 2 * (1 - HALF_NORMAL_MEAN ** 2);
  }
  return { expectedCalibrationError: error, nullBand: mean + Z_ONE_SIDED * Math.sqrt(variance), bins };
}

const HALF_NORMAL_MEAN = Math.sqrt(2 / Math.PI);
/** The 95 % quantile of the standard normal distribution. */
const Z_ONE_SIDED = 1.6448536269514722;
