import { defaultMove, moveOutcome } from './move-outcome.js';
import type { Scenario } from './scenario.js';
import { createFeatureShift } from './shift-features.js';

/** The world changes at once, inputs and their meaning: the old model is wrong, a retrained one is as good as the old one was. */
export const suddenShift: Scenario = {
  name: 'sudden-shift',
  truth: {
    dataDrift: true,
    conceptDrift: true,
    brokenData: false,
    description:
      'Every numeric feature (or the chosen one) rises by the magnitude in standard deviations, and the outcome moves: one class down (the first becomes the last), or 30 % lower. Retraining is right.',
  },
  defaultMagnitude: () => 1.5,
  magnitudeMeaning: 'standard deviations of the test rows',
  ramp: 0,
  create: (options) => {
    const shift = createFeatureShift('sudden-shift', options);
    const { model } = options;
    return (row, progress, random) => {
      const moves = random.next() < progress;
      const target = moves ? moveOutcome(model, row.target, defaultMove(model)) : row.target;
      return { ...shift(row, progress), target };
    };
  },
};
