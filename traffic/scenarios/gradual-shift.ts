import type { Scenario } from './scenario.js';
import { createFeatureShift } from './shift-features.js';

/** The quantities creep away while each row keeps its outcome, as when summers grow hotter and wines stronger but are graded on the same curve. */
export const gradualShift: Scenario = {
  name: 'gradual-shift',
  truth: {
    dataDrift: true,
    conceptDrift: true,
    brokenData: false,
    description:
      'Every numeric feature (or the chosen one) rises evenly over the ramp by the magnitude in standard deviations; each row keeps its own outcome, so the same value means something else than before. Retraining is right.',
  },
  defaultMagnitude: () => 1.5,
  magnitudeMeaning: 'standard deviations of the test rows',
  ramp: 2000,
  create: (options) => createFeatureShift('gradual-shift', options),
};
