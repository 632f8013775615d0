import type { Feature } from '../../core/manifest/manifest.js';
import { chooseFeature, refuseScenario, type Scenario, withValue } from './scenario.js';

/** Values get lost on the way: null where the manifest allows it, an empty text for a category that must be there. */
export const missingValues: Scenario = {
  name: 'missing-values',
  truth: {
    dataDrift: true,
    conceptDrift: false,
    brokenData: true,
    description:
      'A share of the rows has no value in one feature (the first that may be missing, else the first categorical one, else the chosen one). Mend the source; do not retrain.',
  },
  defaultMagnitude: () => 0.3,
  magnitudeMeaning: 'share of rows',
  ramp: 0,
  create: (options) => {
    const { features } = options.model;
    const fits = [...features.filter((f) => f.missing), ...features.filter((f) => !f.missing && canBeEmpty(f))];
    if (fits.length === 0) {
      const advice = 'write "missing: true" for one in model.yaml, or choose another scenario';
      return refuseScenario('missing-values', `every feature of the model must have a value; ${advice}`);
    }
    const feature = chooseFeature('missing-values', options, fits, 'optional or categorical');
    const lost = feature.missing ? null : '';
    return (row, progress, random) =>
      random.next() < options.magnitude * progress ? withValue(row, feature.name, lost) : row;
  },
};

/** An empty text counts as an unseen category, which a model may answer or refuse. */
function canBeEmpty(feature: Feature): boolean {
  return feature.type === 'categorical' && feature.unseen !== 'reject' && !feature.free;
}
