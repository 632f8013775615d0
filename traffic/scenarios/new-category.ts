import { chooseFeature, refuseScenario, type Scenario, withValue } from './scenario.js';

const NEW_CATEGORY = 'new-category';

/** A value that training never saw turns up in a share of the rows. */
export const newCategory: Scenario = {
  name: 'new-category',
  truth: {
    dataDrift: true,
    conceptDrift: false,
    brokenData: false,
    description:
      'A share of the rows has the category "new-category" in one categorical feature (the first, or the chosen one); outcomes are untouched.',
  },
  defaultMagnitude: () => 0.2,
  magnitudeMeaning: 'share of rows',
  ramp: 0,
  create: (options) => {
    const categorical = options.model.features.filter((f) => f.type === 'categorical' && !f.free);
    const feature = chooseFeature('new-category', options, categorical, 'categorical');
    if (feature.type === 'categorical' && feature.categories.includes(NEW_CATEGORY)) {
      return refuseScenario(
        'new-category',
        `"${feature.name}" knows "${NEW_CATEGORY}" already; give --feature another`,
      );
    }
    return (row, progress, random) =>
      random.next() < options.magnitude * progress ? withValue(row, feature.name, NEW_CATEGORY) : row;
  },
};
