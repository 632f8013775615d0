import { ALL_ROWS } from '../../core/reference/segments.js';
import { count, listed } from '../html/format.js';
import type { RefusedRequests } from '../quality/refused-requests.js';
import type { CurrentWindow } from './current-window.js';
import { featureQualityReport } from './feature-quality.js';
import { type ReportQuestion, reportHead } from './head.js';
import type { CurrentQuality } from './load-quality.js';
import type { DataQualityReport, FeatureQualityReport } from './report.js';
import { refusedCount, rowFindings } from './row-quality.js';

/** What is not counted of the rows of a segment. */
const UNKNOWN_OF_SEGMENTS = ['values out of range', 'features that stand still', 'repeated rows', 'refused requests'];

/** The report on the rows themselves. What is not known of them is named, and nothing is said of it. */
export function dataQualityReport(
  options: ReportQuestion & CurrentQuality & { current: CurrentWindow | undefined },
): DataQualityReport {
  const { version, segment, current, quality, refused } = options;
  const features = current ? featureReports(options, current) : [];
  const findings = rowFindings({
    manifest: version.manifest,
    rows: current?.rows ?? 0,
    duplicateShare: quality?.duplicateShare,
    refused,
  });
  const odd = [
    ...features.filter((report) => report.findings.length > 0).map((report) => report.feature),
    ...findings.map(({ name }) => name),
  ];
  const unknown = segment !== ALL_ROWS ? UNKNOWN_OF_SEGMENTS : current && !refused ? ['refused requests'] : [];
  return {
    ...reportHead('data-quality', options, current),
    verdict: odd.length > 0 ? 'warning' : current?.rows ? 'ok' : 'insufficient-data',
    headline: qualityHeadline({ odd, unknown, rows: current?.rows ?? 0, refused }),
    findings: findings.map(({ words }) => words),
    not_known: unknown,
    features,
    duplicate_share: current?.rows ? (quality?.duplicateShare ?? null) : null,
    refused_requests: refused
      ? {
          start: new Date(refused.start * 1_000).toISOString(),
          end: new Date(refused.end * 1_000).toISOString(),
          by_reason: refused.byReason,
        }
      : null,
  };
}

/** Features with findings first. */
function featureReports(
  { version: { manifest }, quality }: ReportQuestion & CurrentQuality,
  current: CurrentWindow,
): FeatureQualityReport[] {
  const known = new Map(quality?.features.map((feature) => [feature.feature, feature]));
  const counts = new Map(current.counts.flatMap((c) => (c.kind === 'feature' ? [[c.subject, c.counts]] : [])));
  const features = new Map(manifest.features.map((feature) => [feature.name, feature]));
  return current.reference.subjects
    .flatMap((reference) => {
      const feature = reference.kind === 'feature' ? features.get(reference.name) : undefined;
      if (!feature) return [];
      const window = { feature, monitoring: manifest.monitoring, reference, counts: counts.get(feature.name) ?? [] };
      return [featureQualityReport({ ...window, quality: known.get(feature.name) })];
    })
    .sort((a, b) => b.findings.length - a.findings.length);
}

const MOST_NAMED = 4;

function qualityHeadline(options: {
  odd: string[];
  unknown: string[];
  rows: number;
  refused: RefusedRequests | undefined;
}): string {
  const { odd, unknown, rows, refused } = options;
  const requests = refused ? refusedCount(refused) : 0;
  if (rows === 0 && requests > 0) return `There are no rows, but ${count(requests)} requests were refused.`;
  if (rows === 0) return 'There are no rows to look at yet.';
  const rest = unknown.length > 0 ? ` Not counted of a part of the rows: ${listed(unknown)}.` : '';
  if (odd.length > MOST_NAMED) {
    return `Worth a look: ${listed([...odd.slice(0, MOST_NAMED), `${odd.length - MOST_NAMED} more`])}.${rest}`;
  }
  if (odd.length > 0) return `Worth a look: ${listed(odd)}.${rest}`;
  if (rest) return `No more values are missing or unseen than the manifest allows.${rest}`;
  return 'Nothing stands out: no more values are missing, unseen or out of range than the manifest allows.';
}
