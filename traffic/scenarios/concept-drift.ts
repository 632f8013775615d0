import { defaultMove, moveOutcome } from './move-outcome.js';
import { refuseScenario, type Scenario } from './scenario.js';

/** The same inputs come to mean something else: nothing shows until outcomes arrive. */
export const conceptDrift: Scenario = {
  name: 'concept-drift',
  truth: {
    dataDrift: false,
    conceptDrift: true,
    brokenData: false,
    description:
      'Inputs are untouched; the outcome moves by the magnitude: that many classes down (the first becomes the last), or lower by that share for a regression. Only outcomes can tell. Retraining is right.',
  },
  defaultMagnitude: defaultMove,
  magnitudeMeaning: 'classes down; for a regression the share by which it is lower',
  ramp: 0,
  create: ({ model, magnitude }) => {
    const moved = (target: string): string => moveOutcome(model, target, magnitude);
    if (model.task !== 'regression' && model.classes.every((name) => moved(name) === name)) {
      return refuseScenario('concept-drift', `--magnitude ${magnitude} moves no class; write 1`);
    }
    return (row, progress, random) => (random.next() < progress ? { ...row, target: moved(row.target) } : row);
  },
};
