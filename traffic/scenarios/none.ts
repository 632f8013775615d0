import type { Scenario } from './scenario.js';

/** Nothing changes: any alarm is a false one. */
export const none: Scenario = {
  name: 'none',
  truth: {
    dataDrift: false,
    conceptDrift: false,
    brokenData: false,
    description: 'Rows and outcomes as they are.',
  },
  defaultMagnitude: () => 0,
  magnitudeMeaning: 'no meaning',
  ramp: 0,
  create: () => (row) => row,
};
