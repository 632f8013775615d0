import { describe, expect, test } from 'vitest';
import type { Scored, SplitResult } from '../../../bench/training/compare-one.js';
import { missedFigures, renderTraining } from '../../../bench/training/document.js';

function scored(macroF1: number): Scored {
  const metrics = { rows: 100, accuracy: 0.5, macroF1, rocAuc: 0.7, logLoss: 1 };
  return { metrics, cpuSeconds: 1, chosen: 'boosting {}' };
}

/** Results of splits on which the built-in trainer's macro F1 is so much higher. */
function resultsOf(differences: number[]) {
  const runs = differences.map((difference): SplitResult => {
    const others = { builtInDefault: scored(0.3), lightgbm: scored(0.3), lightgbmDefault: scored(0.3) };
    return { trials: 50, rows: 400, builtIn: scored(0.3 + difference), ...others, onnxDifference: 1e-7 };
  });
  return { splits: { wines: Object.fromEntries(runs.entries()) }, times: [], packages: ['lightgbm==1'] };
}

describe('the document of the built-in trainer', () => {
  test('gives a difference with its standard error over the splits, and names the one that is not met', () => {
    const results = resultsOf([-0.04, -0.02, 0]);
    // Standard deviation 0.02, over the root of 3.
    expect(renderTraining(results)).toContain('accuracy +0.0 ± 0.0 points, macroF1 -2.0 ± 1.2 points (**not met**)');
    expect(missedFigures(results)).toEqual(['wines: macroF1 -2.0 ± 1.2 points']);
  });

  test('gives none for a single split, and misses nothing within a point', () => {
    const results = resultsOf([-0.009]);
    expect(renderTraining(results)).toContain('macroF1 -0.9 points, rocAuc');
    expect(missedFigures(results)).toEqual([]);
  });
});
