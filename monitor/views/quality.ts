import { count, figure, percent, period } from '../html/format.js';
import { type Content, type Html, html } from '../html/html.js';
import type { DataQualityReport, FeatureQualityReport, ShareReport } from '../reports/report.js';
import { table } from './table.js';

/** The body of a data quality report: its findings in words, then the figures of every feature. */
export function qualitySection(report: DataQualityReport): Html {
  const findings = report.features.flatMap(({ feature, findings: list }) => list.map((text) => ({ feature, text })));
  return html`${findings.length > 0 && html`<ul class="findings">${findings.map(({ feature, text }) => html`<li><strong>${feature}</strong> ${text}</li>`)}</ul>`}
${report.duplicate_share !== null && html`<p>${percent(report.duplicate_share)} of the rows repeat another row of the window.</p>`}
${refusedLine(report.refused_requests)}
${report.features.length > 0 && featureTable(report.features)}`;
}

function refusedLine(refused: DataQualityReport['refused_requests']): Content {
  const reasons = Object.entries(refused?.by_reason ?? {});
  if (!refused || reasons.length === 0) return undefined;
  const words = reasons.map(([reason, requests]) => `${count(requests)} ${reason.replaceAll('_', ' ')}`).join(', ');
  return html`<p>Refused at the door in these whole minutes, ${period(refused.start, refused.end)}: ${words}.</p>`;
}

function featureTable(features: FeatureQualityReport[]): Html {
  return table(
    'Shares of the rows of the window, with 95 % intervals',
    [
      { head: 'Feature', cell: (f) => f.feature },
      { head: 'Missing', cell: (f) => share(f.missing), number: true },
      { head: 'in the reference', cell: (f) => percent(f.reference_missing_share), number: true },
      { head: 'Unseen category', cell: (f) => share(f.unseen), number: true },
      { head: 'Out of range', cell: (f) => share(f.out_of_range), number: true },
      { head: 'Least', cell: (f) => figure(f.minimum), number: true },
      { head: 'Greatest', cell: (f) => figure(f.maximum), number: true },
      { head: 'Constant', cell: (f) => (f.constant === null ? '–' : f.constant ? 'yes' : 'no') },
    ],
    features,
    { stacked: true },
  );
}

function share(of: ShareReport | null): Content {
  return of ? html`<span>${percent(of.share)} <small>${percent(of.low)} to ${percent(of.high)}</small></span>` : '–';
}
