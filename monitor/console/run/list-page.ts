import type { Experiment } from '../../../core/registry/experiments.js';
import { ago, duration, figure } from '../../html/format.js';
import { type Content, type Html, html } from '../../html/html.js';
import { empty } from '../../views/table.js';
import type { Page } from '../layout.js';
import { type ShownRun, stateStyle } from '../runs.js';
import { stateWords } from './page.js';
import { metricName } from './story.js';

/** What the list shows, newest first. */
export interface TrainingList {
  /** Of this model alone. */
  modelName: string | undefined;
  runs: ShownRun[];
  /** Trainings that no alert began. */
  byHand: Experiment[];
}

/** The list of trainings: what began each, what came of it, and why. */
export function trainingListPage({ modelName, runs, byHand }: TrainingList, now: Date): Page {
  const of = modelName === undefined ? '' : ` of ${modelName}`;
  const main = html`<h1>Trainings${of && html` <small>${modelName}</small>`}</h1>
${modelName !== undefined && html`<p><a href="/runs">Those of all models</a></p>`}
<section aria-labelledby="runs-title"><h2 id="runs-title">Retrainings</h2>
${runs.length > 0 ? html`<ul class="runs">${runs.map((run) => runItem(run, now))}</ul>` : empty('No retraining yet: a confirmed drift starts one.')}</section>
<section aria-labelledby="by-hand-title"><h2 id="by-hand-title">Trained by hand</h2>
${byHand.length > 0 ? html`<ul class="runs">${byHand.map((one) => experimentItem(one, now))}</ul>` : empty('None yet. Train a model project on its reference rows, with every trial on record:', 'npx plumbline model train my-model')}</section>`;
  return {
    title: `Trainings${of}`,
    main,
    trail: modelName === undefined ? [] : [{ text: modelName, href: `/models/${encodeURIComponent(modelName)}` }],
    refresh: true,
  };
}

function runItem(run: ShownRun, now: Date): Html {
  const { trainingRunId, modelName, state, reason, candidateVersion, championVersion, createdAt, finishedAt } = run;
  const versions = `${championVersion === null ? '' : `version ${championVersion}`}${candidateVersion === null ? '' : ` → ${candidateVersion}`}`;
  const took = finishedAt && `, took ${duration((finishedAt.getTime() - createdAt.getTime()) / 1_000)}`;
  return item({
    href: `/runs/${trainingRunId}`,
    state,
    style: stateStyle(run),
    title: html`${modelName} <small>${versions}</small>`,
    metric: metricOf(run),
    meta: html`${run.alertName}, ${ago(createdAt, now)}${took}`,
    why: reason,
  });
}

/** What the candidate came to, beside the champion. */
function metricOf({ comparison }: ShownRun): Content {
  if (!comparison?.metric) return undefined;
  const { metric, challenger, champion } = comparison;
  return html`<b class="figure">${figure(challenger)}</b> <span class="meta">${metricName(metric)}, champion ${figure(champion)}</span>`;
}

function experimentItem(experiment: Experiment, now: Date): Html {
  const { experimentId, modelName, state, reason, command, startedAt, finishedAt, request } = experiment;
  const took = finishedAt && `, took ${duration((finishedAt.getTime() - startedAt.getTime()) / 1_000)}`;
  const value = experiment.metrics?.[request.metric];
  return item({
    href: `/runs/${experimentId}`,
    state,
    style: state,
    title: modelName,
    metric:
      typeof value === 'number' &&
      html`<b class="figure">${figure(value)}</b> <span class="meta">${metricName(request.metric)}</span>`,
    meta: html`${command}, ${ago(startedAt, now)}${took}`,
    why: reason,
  });
}

interface Item {
  href: string;
  state: string;
  style: string;
  title: Content;
  metric: Content;
  meta: Content;
  why: string;
}

function item({ href, state, style, title, metric, meta, why }: Item): Html {
  return html`<li class="run-item"><p class="run-state ${style}">${stateWords(state)}</p><div><h3><a href="${href}">${title}</a></h3><p class="meta">${meta}</p>${why && html`<p class="why">${why}</p>`}</div><p class="metric">${metric}</p></li>`;
}
