import type { Feature, Monitoring } from '../../core/manifest/manifest.js';
import type { SubjectProfile } from '../../core/reference/profile.js';
import { percent } from '../html/format.js';
import { qualityThresholds } from '../quality/quality-thresholds.js';
import type { FeatureQuality } from '../quality/window-quality.js';
import { wilsonInterval } from '../statistics/wilson-interval.js';
import { oddShares, sum } from '../verdicts/cells.js';
import type { FeatureQualityReport, ShareReport } from './report.js';

/** The quality of one feature in a window. */
export interface FeatureWindow {
  feature: Feature;
  monitoring: Monitoring;
  /** The feature in what the window is compared with. */
  reference: SubjectProfile;
  /** The window's rows over the frozen cells. */
  counts: number[];
  /** What the cells do not tell; undefined where it is not known. */
  quality: FeatureQuality | undefined;
}

/** Says of a feature what is missing, unseen, out of range or still, and what of it the manifest does not allow. */
export function featureQualityReport(window: FeatureWindow): FeatureQualityReport {
  const { feature, monitoring, reference, counts, quality } = window;
  const rows = sum(counts);
  const [now, then] = [oddShares(reference, counts), oddShares(reference, reference.counts)];
  const limits = qualityThresholds(feature, reference, monitoring);
  const shareOf = (share: number | undefined, threshold: number | undefined): ShareReport | null =>
    share === undefined || threshold === undefined || rows === 0
      ? null
      : { share, ...wilsonInterval(share * rows, rows), threshold };
  const report = {
    feature: feature.name,
    missing: shareOf(now.missing, limits.missing),
    reference_missing_share: then.missing,
    unseen: shareOf(now.unseen, limits.unseen_category),
    out_of_range: shareOf(quality?.outOfRangeShare, limits.out_of_range),
    minimum: quality?.minimum ?? null,
    maximum: quality?.maximum ?? null,
    constant: quality?.constant ?? null,
  };
  return { ...report, findings: findingsOf(report) };
}

function findingsOf(report: Omit<FeatureQualityReport, 'findings'>): string[] {
  const { missing, unseen, out_of_range: outside, constant } = report;
  const findings = [
    matters(missing) &&
      `${percent(missing.share)} missing, ${percent(report.reference_missing_share)} in the reference`,
    matters(unseen) && `${percent(unseen.share)} in categories the reference does not have`,
    matters(outside) && `${percent(outside.share)} outside the range of the manifest`,
    constant && 'one value in every row, though the reference had several',
  ];
  return findings.filter((finding) => typeof finding === 'string');
}

/** As the alert DataQuality has it. */
function matters(share: ShareReport | null): share is ShareReport {
  return share !== null && share.share >= share.threshold;
}
