/** How a subject is compared with its reference: the key of each method's threshold, its default, and what it measures. */
export const METHODS = {
  psi: { threshold: 'psiThreshold', byDefault: 0.1, measures: 'population stability index, in nats' },
  ks: { threshold: 'ksThreshold', byDefault: 0.1, measures: 'Kolmogorov-Smirnov distance of the numbers' },
  share: { threshold: 'shareThreshold', byDefault: 0.1, measures: 'largest change of a category’s share' },
  'cramers-v': { threshold: 'cramersVThreshold', byDefault: 0.1, measures: 'Cramér’s V of the categories' },
  'jensen-shannon': {
    threshold: 'jensenShannonThreshold',
    byDefault: 0.15,
    measures: 'Jensen-Shannon distance (square root, base 2)',
  },
  wasserstein: {
    threshold: 'wassersteinThreshold',
    byDefault: 0.15,
    measures: 'Wasserstein-1 distance in interquartile ranges of the reference',
  },
  missing: { threshold: 'missingThreshold', byDefault: 0.05, measures: 'change of the share that is missing' },
  unseen: {
    threshold: 'unseenThreshold',
    byDefault: 0.02,
    measures: 'rise of the share in categories that the reference does not have',
  },
  'out-of-range': {
    threshold: 'outOfRangeThreshold',
    byDefault: 0.02,
    measures: 'share beyond the least and greatest value of the reference',
  },
} as const;

/** Name of a method. */
export type Method = keyof typeof METHODS;
/** Key of a method's threshold in the manifest. */
export type ThresholdKey = (typeof METHODS)[Method]['threshold'];
/** The effect from which each method says that a change matters. */
export type Thresholds = { [key in ThresholdKey]: number };

/** All names of methods. */
export const METHOD_NAMES = Object.keys(METHODS) as Method[];

/** Those that decide unless the manifest says otherwise: one of each kind of change, none that repeats another. */
export const DEFAULT_METHODS: Method[] = ['psi', 'ks', 'share', 'missing', 'unseen', 'out-of-range'];

/** Default thresholds, with those that are given in their place. */
export function withDefaultThresholds(given: { readonly [key in ThresholdKey]?: number | undefined }): Thresholds {
  const entries = Object.values(METHODS).map(({ threshold, byDefault }) => [threshold, given[threshold] ?? byDefault]);
  return Object.fromEntries(entries) as Thresholds;
}
