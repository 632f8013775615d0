import type { Feature, Monitoring } from '../../core/manifest/manifest.js';
import type { SubjectProfile } from '../../core/reference/profile.js';
import { oddShares } from '../verdicts/cells.js';
import { subjectMonitoring } from '../verdicts/subject-monitoring.js';

/** What the values of a feature are checked for. */
export type QualityCheck = 'missing' | 'out_of_range' | 'unseen_category';

/**
 * The share of a window's rows, in [0, 1], from which each check of a feature matters, in alerts and in reports; a check that
 * does not fit the feature is absent. Missing values and unseen categories matter by what there are more than in the reference.
 * @param reference  the feature in what the window is compared with
 */
export function qualityThresholds(
  feature: Feature,
  reference: SubjectProfile,
  monitoring: Monitoring,
): { [check in QualityCheck]?: number } {
  const settings = subjectMonitoring(monitoring, { kind: 'feature', name: feature.name });
  const usual = oddShares(reference, reference.counts);
  return {
    missing: usual.missing + settings.missingThreshold,
    ...(feature.type === 'numeric' && feature.range && { out_of_range: settings.outOfRangeThreshold }),
    ...(feature.type === 'categorical' && { unseen_category: usual.unseen + settings.unseenThreshold }),
  };
}
