import { count, listed } from '../../html/format.js';
import { type Content, type Html, html } from '../../html/html.js';
import { REPORT_KINDS, REPORT_TITLES } from '../../reports/report.js';
import { performanceSection } from '../../views/performance.js';
import { qualitySection } from '../../views/quality.js';
import { subjectSection } from '../../views/subjects.js';
import { empty } from '../../views/table.js';
import { plumbMark, VERDICT_WORDS, verdictLabel } from '../../views/verdict.js';
import { windowLine } from '../../views/window-line.js';
import type { Page } from '../layout.js';
import { nextStep } from '../overview/next-step.js';
import { runsSection } from './runs-section.js';
import type { ModelDetail } from './state.js';
import { trafficSection } from './traffic-section.js';
import { versionsSection } from './versions-section.js';

/** The page of a model: everything that is known of it, the reason of its verdict first. */
export function modelPage(detail: ModelDetail, now: Date): Page {
  const { state, version, reports } = detail;
  const name = state.modelName;
  const drift = reports['data-drift'];
  const target = reports['target-drift'];
  const thresholds = { psi: drift.psi_threshold, ks: drift.ks_threshold };
  const noRows = empty(nextStep(state).text, nextStep(state).command);
  const sections: [id: string, title: string, headline: Content, body: Content][] = [
    ['drift', 'Features', drift.headline, drift.window ? subjectSection(drift.subjects, thresholds) : noRows],
    ['predictions', 'Predictions', target.headline, target.window && subjectSection(target.subjects, thresholds)],
    [
      'performance',
      'Performance',
      reports['model-performance'].headline,
      performanceSection(reports['model-performance']),
    ],
    ['quality', 'Data quality', reports['data-quality'].headline, qualitySection(reports['data-quality'])],
    ['traffic', 'Traffic', undefined, trafficSection(detail)],
    ['retraining', 'Alerts and retraining', undefined, runsSection(detail, now)],
    ['versions', 'Versions', undefined, versionsSection(detail, now)],
  ];
  const main = html`${banner(detail)}
<nav class="jump" aria-label="On this page">${sections.map(([id, title]) => html`<a href="#${id}">${title}</a>`)}</nav>
${sections.map(([id, title, headline, body]) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${headline && html`<p class="headline">${headline}</p>`}${body}</section>`)}
${reportLinks(name, version.modelVersion)}`;
  return {
    title: `${name}: ${VERDICT_WORDS[drift.verdict]}`,
    main,
    trail: [{ text: name, href: `/models/${encodeURIComponent(name)}` }],
    refresh: true,
  };
}

function banner({ state, version, reports }: ModelDetail): Html {
  const { verdict } = state;
  const drift = reports['data-drift'];
  const isChampion = version.state === 'champion';
  const shown = isChampion ? verdict : drift.verdict;
  const firing = state.alerts.map((alert) => alert.alertName);
  const step = nextStep(state);
  return html`<header class="banner ${shown}">${plumbMark(shown)}<div><h1>${state.modelName} <small>version ${version.modelVersion}, ${version.state}</small></h1>
<p>${verdictLabel(shown)} ${windowLine(drift)}</p>
${version.manifest.description && html`<p class="description">${version.manifest.description}</p>`}
${isChampion && html`<p class="next">${step.text}${step.command && html` <code>${step.command}</code>`}</p>`}
${firing.length > 0 && html`<p class="firing">${count(firing.length)} alert${firing.length === 1 ? ' fires' : 's fire'}: ${listed(firing)}</p>`}</div></header>`;
}

function reportLinks(modelName: string, version: number): Html {
  const base = `/v1/models/${encodeURIComponent(modelName)}/reports`;
  return html`<section id="reports" aria-labelledby="reports-title"><h2 id="reports-title">Reports</h2><p>On the newest window, to keep or to pass on:</p>
<ul class="links">${REPORT_KINDS.map((kind) => html`<li>${REPORT_TITLES[kind]}: <a href="${base}/${kind}?version=${version}&format=html">page</a>, <a href="${base}/${kind}?version=${version}">JSON</a></li>`)}</ul></section>`;
}
