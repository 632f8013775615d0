import { createHash } from 'node:crypto';
import { reportStyle } from '../console/style-sheet.js';
import { instant } from '../html/format.js';
import { type Content, Html, html } from '../html/html.js';
import { causeSection } from '../views/cause.js';
import { labelShiftSection } from '../views/label-shift.js';
import { performanceSection } from '../views/performance.js';
import { qualitySection } from '../views/quality.js';
import { subjectSection } from '../views/subjects.js';
import { plumbMark, verdictLabel } from '../views/verdict.js';
import { windowLine } from '../views/window-line.js';
import { type DataDriftReport, REPORT_TITLES, type Report, type TargetDriftReport } from './report.js';

const STYLE = reportStyle();
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** What the page may load: its own style, told by its hash, and nothing else. It stands in the page too, for a saved file. */
export const REPORT_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

/** A report as one file: style and charts within it, nothing from elsewhere, no script. */
export function reportPage(report: Report): Html {
  const { model, verdict, headline } = report;
  const title = `${REPORT_TITLES[report.kind]} of ${model.name}`;
  const fell = report.kind === 'model-performance' && verdict === 'drift';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${REPORT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body class="report">
<main id="main">
<header class="banner ${verdict}">${plumbMark(verdict)}<div><h1>${title} <small>version ${model.version}, ${model.state}</small></h1>
<p>${verdictLabel(verdict, fell ? 'Performance fell' : undefined)} ${windowLine(report)}</p><p class="headline">${headline}</p>${model.description && html`<p class="description">${model.description}</p>`}</div></header>
${body(report)}
<footer>Made by Plumbline at ${instant(report.generated_at)}</footer>
</main>
</body>
</html>
`;
}

function subjects(report: DataDriftReport | TargetDriftReport): Html {
  return subjectSection(report.subjects, { psi: report.psi_threshold, ks: report.ks_threshold });
}

function body(report: Report): Content {
  switch (report.kind) {
    case 'data-drift':
      return report.window && html`${report.cause && causeSection(report.cause)}${subjects(report)}`;
    case 'target-drift':
      return html`${report.window && subjects(report)}${labelShiftSection(report.label_shift, report.model.name)}`;
    case 'data-quality':
      return qualitySection(report);
    case 'model-performance':
      return performanceSection(report);
  }
}
