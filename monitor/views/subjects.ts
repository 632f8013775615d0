import type { DistributionCell } from '../charts/cells.js';
import { distributionChart } from '../charts/distribution-chart.js';
import { historyChart } from '../charts/history-chart.js';
import { figure, percent } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import type { SubjectReport } from '../reports/report.js';
import { numbers, table } from './table.js';
import { verdictLabel } from './verdict.js';

/** Subjects shown with their charts; of further ones the table has the figures. */
const MOST_PANELS = 30;
/** Of subjects without a finding so many are shown at once, the others on demand. */
const CALM_PANELS = 3;

/** The subjects of a report: a table of all, and a panel of charts for each, most drifted first. */
export function subjectSection(subjects: SubjectReport[], thresholds: { psi: number; ks: number }): Html {
  const panels = subjects.slice(0, MOST_PANELS);
  const moved = panels.filter((subject) => subject.verdict === 'drift' || subject.verdict === 'warning').length;
  const open = Math.max(moved, CALM_PANELS);
  const more = panels.slice(open);
  const panel = (subject: SubjectReport): Html => subjectPanel(subject, thresholds.psi);
  return html`${panels.slice(0, open).map(panel)}
${more.length > 0 && html`<details class="more" id="more-${subjects[0]!.kind}"><summary>${more.length} more in line</summary>${more.map(panel)}</details>`}
${numbers(`all-${subjects[0]?.kind ?? 'none'}`, subjectTable(subjects, thresholds), `All ${subjects.length} as a table`)}`;
}

function subjectPanel(subject: SubjectReport, threshold: number): Html {
  const { subject: name, unit, reason, verdict } = subject;
  const sentences = reason.startsWith(`${name}: `) ? reason.slice(name.length + 2) : reason;
  return html`<article class="subject ${verdict}">
<div class="words"><h3>${name}${unit && html` <small>${unit}</small>`}</h3>${verdictLabel(verdict)}
<ul class="reason">${sentences.split('; ').map((sentence) => html`<li>${sentence}</li>`)}</ul>
${numbers(`numbers-${subject.kind}-${name}`, distributionTable(name, subject.distribution))}</div>
${subjectFigures(subject, threshold)}</article>`;
}

/** The two pictures of a subject: its distribution over that of the reference, and its PSI window by window. */
export function subjectFigures({ subject, distribution, history }: SubjectReport, threshold: number): Html {
  return html`<figure>${distributionChart(subject, distribution)}<figcaption><span class="key reference">reference</span> <span class="key current">current window</span></figcaption></figure>
<figure>${historyChart(subject, history, threshold)}<figcaption><span class="key line">PSI by window</span> <span class="key threshold">threshold</span> <span class="key band">null band</span></figcaption></figure>`;
}

function distributionTable(name: string, cells: DistributionCell[]): Html {
  return table(
    `${name}: share of rows`,
    [
      { head: 'Value', cell: (cell) => cell.label },
      { head: 'Reference', cell: (cell) => percent(cell.reference_share), number: true },
      { head: 'Current', cell: (cell) => percent(cell.current_share), number: true },
    ],
    cells,
  );
}

function subjectTable(subjects: SubjectReport[], thresholds: { psi: number; ks: number }): Html {
  return table(
    `Against thresholds of PSI ${figure(thresholds.psi)} and KS ${figure(thresholds.ks)}`,
    [
      { head: 'Name', cell: (subject) => subject.subject },
      { head: 'Verdict', cell: (subject) => verdictLabel(subject.verdict) },
      { head: 'PSI', cell: (subject) => figure(subject.psi), number: true },
      { head: 'Null band', cell: (subject) => figure(subject.psi_null_band), number: true },
      { head: 'KS', cell: (subject) => figure(subject.ks_statistic), number: true },
      { head: 'Critical value', cell: (subject) => figure(subject.ks_critical_value), number: true },
    ],
    subjects,
    { stacked: true },
  );
}
