import { chooseFeature, type Scenario, withValue } from './scenario.js';

/** One feature arrives in another unit: grams for kilograms, cents for dollars. */
export const brokenUnit: Scenario = {
  name: 'broken-unit',
  truth: {
    dataDrift: true,
    conceptDrift: false,
    brokenData: true,
    description:
      'One numeric feature (the first, or the chosen one) is multiplied by the magnitude; with a ramp, in a growing share of the rows. Mend the source; do not retrain.',
  },
  defaultMagnitude: () => 1000,
  magnitudeMeaning: 'factor',
  ramp: 0,
  create: (options) => {
    const numeric = options.model.features.filter((f) => f.type === 'numeric');
    const { name } = chooseFeature('broken-unit', options, numeric, 'numeric');
    return (row, progress, random) => {
      const value = row.instance[name];
      const broken = random.next() < progress;
      return broken && typeof value === 'number' ? withValue(row, name, value * options.magnitude) : row;
    };
  },
};
