import type { SubjectProfile } from '../../core/reference/profile.js';
import { listed, percent } from '../html/format.js';
import type { FeatureQuality, QualityWindow } from '../quality/window-quality.js';
import { oddShares } from '../verdicts/cells.js';
import type { CurrentWindow } from './current-window.js';
import { type ReportQuestion, reportHead } from './head.js';
import type { DataQualityReport, FeatureQualityReport } from './report.js';

/** A share that moved by so much is worth a look: five points, as in the reasons of verdicts. */
const NOTABLE_SHARE = 0.05;

/**
 * The report on the rows themselves.
 * @param stored  what was counted while this very window was summarised; undefined for a window that was not decided, of which
 *   only what the frozen cells hold is known
 */
export function dataQualityReport(
  options: ReportQuestion & {
    current: CurrentWindow | undefined;
    stored: QualityWindow | undefined;
  },
): DataQualityReport {
  const { current, stored } = options;
  const features = current ? current.reference.subjects.filter((s) => s.kind === 'feature') : [];
  const byName = new Map(stored?.features.map((feature) => [feature.feature, feature]));
  const reports = features
    .map((subject) => featureReport(subject, current!, byName.get(subject.name)))
    .sort((a, b) => b.findings.length - a.findings.length);
  const odd = reports.filter((report) => report.findings.length > 0);
  return {
    ...reportHead('data-quality', options, current),
    verdict: !current?.rows ? 'insufficient-data' : odd.length > 0 ? 'warning' : 'ok',
    headline: qualityHeadline(odd, current),
    features: reports,
    duplicate_share: stored?.duplicateShare ?? null,
    refused_requests: stored?.refusedRequests ?? null,
  };
}

function featureReport(
  subject: SubjectProfile,
  current: CurrentWindow,
  stored: FeatureQuality | undefined,
): FeatureQualityReport {
  const counts = current.counts.find((c) => c.kind === 'feature' && c.subject === subject.name)?.counts ?? [];
  const now = oddShares(subject, counts);
  const then = oddShares(subject, subject.counts);
  const report: FeatureQualityReport = {
    feature: subject.name,
    missing_share: now.missing,
    reference_missing_share: then.missing,
    unseen_share: now.unseen,
    out_of_range_share: stored?.outOfRangeShare ?? null,
    minimum: stored?.minimum ?? null,
    maximum: stored?.maximum ?? null,
    constant: stored?.constant ?? false,
    findings: [],
  };
  return { ...report, findings: findingsOf(report, then.unseen) };
}

function findingsOf(report: FeatureQualityReport, referenceUnseen: number): string[] {
  const { missing_share: missing, reference_missing_share: before, unseen_share: unseen } = report;
  const outside = report.out_of_range_share ?? 0;
  const findings = [
    Math.abs(missing - before) >= NOTABLE_SHARE && `${percent(missing)} missing, ${percent(before)} in the reference`,
    unseen - referenceUnseen >= NOTABLE_SHARE && `${percent(unseen)} in categories the reference does not have`,
    outside >= NOTABLE_SHARE && `${percent(outside)} outside the range of the manifest`,
    report.constant && 'one value in every row, though the reference had several',
  ];
  return findings.filter((finding) => finding !== false);
}

function qualityHeadline(odd: FeatureQualityReport[], current: CurrentWindow | undefined): string {
  if (!current?.rows) return 'There are no rows to look at yet.';
  if (odd.length === 0) return 'Nothing stands out: values are there, known and in range as in the reference.';
  return `Worth a look: ${listed(odd.slice(0, 4).map((report) => report.feature))}${odd.length > 4 ? ` and ${odd.length - 4} more` : ''}.`;
}
