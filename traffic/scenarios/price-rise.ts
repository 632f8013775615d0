import { refuseScenario, type Scenario } from './scenario.js';

/** How far the rise of a single row may lie from the magnitude, as a part of it: with 0.15, from 0.10 to 0.20. */
const SPREAD = 1 / 3;

/** Everything becomes dearer, each thing by a share of its own: nothing shows until outcomes arrive. */
export const priceRise: Scenario = {
  name: 'price-rise',
  truth: {
    dataDrift: false,
    conceptDrift: true,
    brokenData: false,
    description:
      'Inputs are untouched; each outcome of a regression is higher by a share of its own, drawn evenly from two to four thirds of the magnitude: 10 to 20 % when it is left out. Only outcomes can tell. Retraining is right.',
  },
  defaultMagnitude: () => 0.15,
  magnitudeMeaning: 'share by which outcomes rise in the mean; each by two to four thirds of it',
  ramp: 0,
  create: ({ model, magnitude }) => {
    if (model.task !== 'regression') {
      return refuseScenario(
        'price-rise',
        `the target "${model.target}" is a class, and cannot rise; choose concept-drift`,
      );
    }
    return (row, progress, random) => {
      const rise = magnitude * (1 + SPREAD * (2 * random.next() - 1));
      return { ...row, target: String(Number(row.target) * (1 + progress * rise)) };
    };
  },
};
