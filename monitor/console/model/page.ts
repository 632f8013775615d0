import { DEFAULT_WINDOW } from '../../../core/manifest/alerting-windows.js';
import { count, listed } from '../../html/format.js';
import { type Content, type Html, html } from '../../html/html.js';
import { REPORT_KINDS, REPORT_TITLES } from '../../reports/report.js';
import type { Verdict } from '../../verdicts/verdict.js';
import { causeSection } from '../../views/cause.js';
import { labelShiftSection } from '../../views/label-shift.js';
import { performanceSection } from '../../views/performance.js';
import { qualitySection } from '../../views/quality.js';
import { subjectSection } from '../../views/subjects.js';
import { empty } from '../../views/table.js';
import { plumbMark, VERDICT_WORDS, verdictLabel } from '../../views/verdict.js';
import { windowLine } from '../../views/window-line.js';
import type { Page } from '../layout.js';
import { estimatedLossWords } from '../overview/estimated-loss.js';
import { nextStep } from '../overview/next-step.js';
import { shownVerdict as championVerdict } from '../overview/state.js';
import { movesSection } from './moves-section.js';
import { runsSection } from './runs-section.js';
import { seriesSection } from './series-section.js';
import type { ModelDetail } from './state.js';
import { trafficSection } from './traffic-section.js';
import { versionsSection } from './versions-section.js';

type Section = [id: string, title: string, headline: Content, body: Content];

/** The page of a model: everything that is known of it, the reason of its verdict first. */
export function modelPage(detail: ModelDetail, options: { now: Date; moves: boolean }): Page {
  const { now, moves } = options;
  const { state, version, reports } = detail;
  const name = state.modelName;
  const drift = reports['data-drift'];
  const target = reports['target-drift'];
  const thresholds = { psi: drift.psi_threshold, ks: drift.ks_threshold };
  const features = html`${drift.cause && causeSection(drift.cause)}${subjectSection(drift.subjects, thresholds)}`;
  const answers = html`${subjectSection(target.subjects, thresholds)}${labelShiftSection(target.label_shift, name)}`;
  const noRows = empty(nextStep(state).text, nextStep(state).command);
  const sections: Section[] = [
    ['drift', 'Features', drift.headline, drift.window ? features : noRows],
    ['predictions', 'Predictions', target.headline, target.window && answers],
    [
      'performance',
      'Performance',
      reports['model-performance'].headline,
      performanceSection(reports['model-performance']),
    ],
    ['quality', 'Data quality', reports['data-quality'].headline, qualitySection(reports['data-quality'])],
    ...(detail.series.length > 0 ? [otherSeries(detail)] : []),
    ['traffic', 'Traffic', undefined, trafficSection(detail)],
    ['retraining', 'Alerts and retraining', undefined, runsSection(detail, now)],
    ['versions', 'Versions', undefined, versionsSection(detail, { now, moves })],
    ['moves', 'Moves by hand', undefined, movesSection(detail, options)],
  ];
  const main = html`${banner(detail)}
<nav class="jump" aria-label="On this page">${sections.map(([id, title]) => html`<a href="#${id}">${title}</a>`)}</nav>
${sections.map(([id, title, headline, body]) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${headline && html`<p class="headline">${headline}</p>`}${body}</section>`)}
${reportLinks(name, version.modelVersion)}`;
  return {
    title: `${name}: ${verdictWords(detail)}`,
    main,
    trail: [{ text: name, href: `/models/${encodeURIComponent(name)}` }],
    refresh: true,
  };
}

function otherSeries(detail: ModelDetail): Section {
  return ['series', 'Other windows and parts of the rows', undefined, seriesSection(detail)];
}

/** Of the champion what the first page shows of it: all windows that alert, and how it does; of another version that of its own window. */
function shownVerdict({ state, version, reports }: ModelDetail): Verdict {
  return version.state === 'champion' ? championVerdict(state) : reports['data-drift'].verdict;
}

function verdictWords(detail: ModelDetail): string {
  const { state, version } = detail;
  const fellAlone = version.state === 'champion' && state.fallenSince && state.verdict !== 'drift';
  return fellAlone ? 'Performance fell' : VERDICT_WORDS[shownVerdict(detail)];
}

function banner(detail: ModelDetail): Html {
  const { state, version, reports } = detail;
  const drift = reports['data-drift'];
  const isChampion = version.state === 'champion';
  const shown = shownVerdict(detail);
  const firing = state.alerts.map((alert) => alert.alertName);
  const step = nextStep(state);
  return html`<header class="banner ${shown}">${plumbMark(shown)}<div><h1>${state.modelName} <small>version ${version.modelVersion}, ${version.state}</small></h1>
<p>${verdictLabel(shown, verdictWords(detail))} ${windowLine(drift)}</p>${isChampion && byOtherWindow(state.window?.windowName)}
${isChampion && state.estimatedLoss && html`<p class="why">${estimatedLossWords(state.estimatedLoss)}</p>`}
${version.manifest.description && html`<p class="description">${version.manifest.description}</p>`}
${isChampion && html`<p class="next">${step.text}${step.command && html` <code>${step.command}</code>`}${step.href && html`, or <a href="${step.href}">look at it here</a>`}</p>`}
${firing.length > 0 && html`<p class="firing">${count(firing.length)} alert${firing.length === 1 ? ' fires' : 's fire'}: ${listed(firing)}</p>`}</div></header>`;
}

/** Where the verdict is not that of the window the page is about. */
function byOtherWindow(name: string | undefined): Content {
  if (name === undefined || name === DEFAULT_WINDOW) return undefined;
  return html`<p>The verdict is that of the window “${name}”: <a href="#series">see it beside the others</a>.</p>`;
}

function reportLinks(modelName: string, version: number): Html {
  const base = `/v1/models/${encodeURIComponent(modelName)}/reports`;
  return html`<section id="reports" aria-labelledby="reports-title"><h2 id="reports-title">Reports</h2><p>On the newest window, to keep or to pass on:</p>
<ul class="links">${REPORT_KINDS.map((kind) => html`<li>${REPORT_TITLES[kind]}: <a href="${base}/${kind}?version=${version}&format=html">page</a>, <a href="${base}/${kind}?version=${version}">JSON</a></li>`)}</ul></section>`;
}
