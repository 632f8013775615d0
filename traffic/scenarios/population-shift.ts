import { quantile } from 'simple-statistics';
import { chooseFeature, numbersOf, refuseScenario, type Scenario } from './scenario.js';

/**
 * Other rows of the same kind: those in the upper quarter of one feature come more often, because the others are left
 * out by chance. Whether a row is left out depends on that feature alone, so P(target given features) is untouched.
 */
export const populationShift: Scenario = {
  name: 'population-shift',
  truth: {
    dataDrift: true,
    conceptDrift: false,
    brokenData: false,
    description:
      'Rows in the upper quarter of one numeric feature (the first, or the chosen one) make up the magnitude as a share of all rows; values and outcomes are untouched. A retrained model has nothing new to learn.',
  },
  defaultMagnitude: () => 0.7,
  magnitudeMeaning: 'share of rows from the upper quarter, below 1',
  ramp: 0,
  create: (options) => {
    const numeric = options.model.features.filter((f) => f.type === 'numeric');
    const { name } = chooseFeature('population-shift', options, numeric, 'numeric');
    const values = numbersOf(options.rows, name);
    if (values.length === 0) return refuseScenario('population-shift', `feature "${name}" is missing in all rows`);
    const limit = quantile(values, 0.75);
    const isUpper = (value: unknown): boolean => typeof value === 'number' && value >= limit;
    const upper = options.rows.filter((row) => isUpper(row.instance[name])).length / options.rows.length;
    if (!(options.magnitude > upper && options.magnitude < 1)) {
      const share = upper.toFixed(2);
      const advice = upper < 1 ? `write one between ${share} and 1` : 'give --feature another';
      return refuseScenario(
        'population-shift',
        `--magnitude ${options.magnitude} does not fit: ${share} of the rows are in the upper part of "${name}"; ${advice}`,
      );
    }
    // upper / (upper + (1 - upper) * kept) = magnitude, solved for kept.
    const kept = (upper * (1 - options.magnitude)) / ((1 - upper) * options.magnitude);
    return (row, progress, random) => {
      const stays = random.next() < 1 - progress * (1 - kept);
      return stays || isUpper(row.instance[name]) ? row : undefined;
    };
  },
};
