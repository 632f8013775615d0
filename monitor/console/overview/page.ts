import { mostMoved } from '../../charts/distribution-chart.js';
import { rowsOf, sparkline } from '../../charts/traffic-chart.js';
import { ago, count, duration, figure, listed } from '../../html/format.js';
import { type Content, type Html, html } from '../../html/html.js';
import type { SubjectVerdict, Verdict } from '../../verdicts/verdict.js';
import { causeSentence } from '../../views/cause.js';
import { subjectFigures } from '../../views/subjects.js';
import { empty } from '../../views/table.js';
import { plumbMark } from '../../views/verdict.js';
import type { Page } from '../layout.js';
import { findForm } from '../prediction/find-form.js';
import { stateStyle } from '../runs.js';
import { estimatedLossWords } from './estimated-loss.js';
import type { ShownPerformance } from './facts.js';
import { nextStep } from './next-step.js';
import { type ModelState, shownVerdict } from './state.js';

/**
 * The first page: is each model all right, and if not, why?
 * @param states  in the order in which they are shown, those that are not all right first
 */
export function overviewPage(states: ModelState[], now: Date): Page {
  const cards = states.map((state) => modelCard(state, now));
  const nothing = empty(
    'No model is registered yet. Register a folder with model.yaml, model.onnx and reference.csv:',
    'npx plumbline model add my-model',
  );
  const main = html`<h1>${answer(states)}</h1>${states.length > 0 ? html`<div class="cards">${cards}</div><div class="ways">${findForm()}<p><a href="/runs">All trainings</a></p></div>` : nothing}`;
  return { title: answer(states), main, refresh: true };
}

/** The answer for all models in a sentence. */
export function answer(states: ModelState[]): string {
  const named = (verdict: Verdict, of = shownVerdict): string[] =>
    states.filter((state) => of(state) === verdict).map((state) => state.modelName);
  const fallen = states.filter((s) => s.fallenSince && s.verdict !== 'drift').map((s) => s.modelName);
  const [drifting, watched, unknown] = [
    named('drift', (state) => state.verdict),
    named('warning'),
    named('insufficient-data'),
  ];
  if (states.length === 0) return 'No model yet';
  const changed = [
    drifting.length > 0 && `${listed(drifting)} ${drifting.length === 1 ? 'has' : 'have'} drifted`,
    fallen.length > 0 && `${listed(fallen)} ${fallen.length === 1 ? 'does' : 'do'} worse than at registration`,
  ].filter((sentence) => sentence !== false);
  if (changed.length > 0) return changed.join('; ');
  if (watched.length > 0) return `${listed(watched)} ${watched.length === 1 ? 'is' : 'are'} worth watching`;
  if (unknown.length === states.length) return 'Not enough data to tell yet';
  const calm = states.length - unknown.length;
  return unknown.length > 0
    ? `${calm} of ${states.length} models are all right; too few rows of the others`
    : states.length === 1
      ? 'The model is all right'
      : `All ${states.length} models are all right`;
}

const SENTENCES: Record<Verdict, string> = {
  ok: 'All right',
  warning: 'Worth watching',
  drift: 'Drifted',
  'insufficient-data': 'Too few rows to tell',
};

function modelCard(state: ModelState, now: Date): Html {
  const { modelName, champion, verdict, window, fallenSince } = state;
  const step = nextStep(state);
  const lossSince = fallenSince ?? (verdict === 'warning' ? undefined : state.estimatedLoss?.since);
  const since = verdict === 'drift' ? state.since : (lossSince ?? state.since);
  const time = since && window && duration((now.getTime() - since.getTime()) / 1_000);
  return html`<article class="card ${shownVerdict(state)}">${plumbMark(shownVerdict(state))}
<div class="answer"><h2><a class="model-link" href="/models/${encodeURIComponent(modelName)}">${modelName}</a> <small>${champion ? `version ${champion.modelVersion}` : 'no champion'}</small></h2>
<p class="verdict-words"><strong>${sentence(state)}</strong>${time && html` for ${time}`}</p>
<p class="why">${why(state)}</p></div>
<dl class="signals">
<div><dt>Traffic, last hour</dt><dd>${sparkline(state.traffic, `Rows a minute over the last hour, ${count(totalRows(state))} in all`)}<span>${count(totalRows(state))} rows</span></dd></div>
<div><dt>Performance</dt><dd>${performanceWords(state.performance)}</dd></div>
<div><dt>Last retraining</dt><dd>${runWords(state, now)}</dd></div>
<div class="next"><dt>What to do</dt><dd>${step.text}${step.command && html` <code>${step.command}</code>`}${step.href && html`, or <a href="${step.href}">look at it here</a>`}</dd></div></dl>${evidence(state)}</article>`;
}

function sentence(state: ModelState): string {
  if (!state.fallenSince) return SENTENCES[shownVerdict(state)];
  return state.verdict === 'drift' ? 'Drifted, and performance fell' : 'Performance fell';
}

function totalRows(state: ModelState): number {
  return state.traffic.steps.reduce((sum, step) => sum + rowsOf(step), 0);
}

/** A loss of performance, known or estimated, and what the inputs and answers say. */
function why(state: ModelState): Content {
  const moved = whyMoved(state);
  if (state.estimatedLoss) return html`${estimatedLossWords(state.estimatedLoss)} ${moved}`;
  if (!state.fallenSince) return moved;
  return html`By outcomes it does worse than at registration by more than model.yaml allows. ${moved}`;
}

/** The reason of what moved most, and what else did. */
function whyMoved(state: ModelState): Content {
  const { window, verdict, champion } = state;
  if (!champion) return 'It has versions, and none of them is the champion.';
  if (!window) return 'No window has been decided yet.';
  const [first, ...others] = state.moved;
  if (!first) return undefined;
  // Too few rows of one are too few of all.
  if (verdict === 'insufficient-data') return `${first.reason.slice(first.subject.length + 2)}.`;
  if (verdict === 'ok') {
    return `${others.length + 1} features and aspects of the predictions are as in the reference, over ${count(window.rowCount)} rows.`;
  }
  return html`${first.reason}.${others.length > 0 && html` <span class="others">Also: ${listedSubjects(others)}.</span>`}${window.cause && html` <span class="cause-words">${causeSentence(window.cause)}</span>`}`;
}

/** Of a model that is not all right, the pictures of what moved most. */
function evidence(state: ModelState): Content {
  const { evidence: first, champion } = state;
  if (!first || !champion) return undefined;
  const figures = subjectFigures(first, champion.psiThreshold);
  return html`<div class="evidence"><div><h3>${subjectName(first)}</h3><p class="meta">${mostMoved(first.distribution)}</p></div>${figures}</div>`;
}

function subjectName({ kind, subject }: Pick<SubjectVerdict, 'kind' | 'subject'>): string {
  return kind === 'prediction' ? `predicted ${subject}` : subject;
}

const MOST_NAMED = 3;

function listedSubjects(subjects: SubjectVerdict[]): string {
  const names = subjects.map(subjectName);
  return listed(
    names.length > MOST_NAMED ? [...names.slice(0, MOST_NAMED), `${names.length - MOST_NAMED} more`] : names,
  );
}

function performanceWords(performance: ShownPerformance | undefined): Content {
  if (!performance) return 'Not known yet';
  const { realised: real, estimated: estimate } = performance;
  const name = performance.metric.replaceAll('_', ' ');
  if (!real && !estimate) return 'No outcomes yet';
  return html`${real && html`<span class="figure">${figure(real.value)}</span> ${name} by outcomes`}${real && estimate && html`<br>`}${estimate && html`<span class="${real ? '' : 'figure'}">${figure(estimate.value)}</span> estimated`}`;
}

function runWords({ run }: ModelState, now: Date): Content {
  if (!run) return 'None yet';
  const compared = run.comparison;
  const figures =
    compared &&
    `: ${compared.metric.replaceAll('_', ' ')} ${figure(compared.challenger)} against ${figure(compared.champion)}`;
  return html`<a class="run-state ${stateStyle(run)}" href="/runs/${run.trainingRunId}">${run.state.replaceAll('-', ' ')}</a> ${ago(run.createdAt, now)}${figures}`;
}
