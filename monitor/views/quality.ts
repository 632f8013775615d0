import { count, figure, percent } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import type { DataQualityReport, FeatureQualityReport } from '../reports/report.js';
import { table } from './table.js';

/** The body of a data quality report: its findings in words, then the figures of every feature. */
export function qualitySection(report: DataQualityReport): Html {
  const findings = report.features.flatMap(({ feature, findings: list }) => list.map((text) => ({ feature, text })));
  const refused = Object.entries(report.refused_requests ?? {});
  return html`${findings.length > 0 && html`<ul class="findings">${findings.map(({ feature, text }) => html`<li><strong>${feature}</strong> ${text}</li>`)}</ul>`}
${report.duplicate_share !== null && html`<p>${percent(report.duplicate_share)} of the rows repeat another row of the window.</p>`}
${refused.length > 0 && html`<p>Refused at the door: ${refused.map(([reason, requests], i) => `${i > 0 ? ', ' : ''}${count(requests)} ${reason.replaceAll('_', ' ')}`)}.</p>`}
${report.features.length > 0 && featureTable(report.features)}`;
}

function featureTable(features: FeatureQualityReport[]): Html {
  return table(
    'Shares of the rows of the window',
    [
      { head: 'Feature', cell: (f) => f.feature },
      { head: 'Missing', cell: (f) => percent(f.missing_share), number: true },
      { head: 'in the reference', cell: (f) => percent(f.reference_missing_share), number: true },
      { head: 'Unseen category', cell: (f) => percent(f.unseen_share), number: true },
      { head: 'Out of range', cell: (f) => percent(f.out_of_range_share), number: true },
      { head: 'Least', cell: (f) => figure(f.minimum), number: true },
      { head: 'Greatest', cell: (f) => figure(f.maximum), number: true },
      { head: 'Constant', cell: (f) => (f.constant ? 'yes' : 'no') },
    ],
    features,
    { stacked: true },
  );
}
