import type { Method } from '../../core/manifest/methods.js';

/** The statistic of each method as metrics and alerts name it: `feature_drift_psi` and so on. */
export const STATISTIC_NAMES = {
  psi: 'psi',
  ks: 'ks_statistic',
  share: 'share_change_ratio',
  'cramers-v': 'cramers_v',
  'jensen-shannon': 'jensen_shannon_distance',
  wasserstein: 'wasserstein_over_iqr',
  missing: 'missing_change_ratio',
  unseen: 'unseen_rise_ratio',
  'out-of-range': 'out_of_range_ratio',
} as const satisfies Record<Method, string>;
