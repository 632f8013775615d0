import type { Experiment } from '../../../core/registry/experiments.js';
import { ago, duration, instant } from '../../html/format.js';
import { type Content, type Html, html } from '../../html/html.js';
import { empty } from '../../views/table.js';
import type { Page } from '../layout.js';
import { movePath } from '../moves/kinds.js';
import { auditTable } from '../moves/trail-page.js';
import { stateStyle } from '../runs.js';
import { comparisonSection } from './comparison-section.js';
import type { StoredRun, TrainingDetail } from './stored.js';
import { type StoryStep, storyOf } from './story.js';
import { experimentFacts, trialsSection } from './trials-section.js';

type Section = [id: string, title: string, body: Content];

/** The page of one training: for a retraining its whole story, for one by hand what was tried. */
export function trainingPage(detail: TrainingDetail, { now, moves }: { now: Date; moves: boolean }): Page {
  const { run, experiment, trials, audit } = detail;
  const name = run?.modelName ?? experiment!.modelName;
  const sections: Section[] = [
    ...(run ? retrainingSections(run, detail) : []),
    ['trials', 'Trials', experiment ? trialsSection(trials) : empty('Its training has not begun.')],
    [
      'record',
      'On record',
      html`${facts(run, experiment)}${audit.length > 0 && auditTable('Every step, as the audit trail has it', audit)}`,
    ],
    ...(experiment?.modelCard ? [cardSection(experiment.modelCard)] : []),
    ...(run ? [logSection(run)] : []),
  ];
  const state = run?.state ?? experiment!.state;
  const main = html`${run ? runHead(run, { now, moves }) : experimentHead(experiment!, now)}
${sections.map(([id, title, body]) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>`)}`;
  return {
    title: `${run ? 'Retraining' : 'Training'} of ${name}: ${stateWords(state)}`,
    main,
    trail: [
      { text: name, href: `/models/${encodeURIComponent(name)}` },
      { text: 'Trainings', href: `/runs?model=${encodeURIComponent(name)}` },
    ],
    refresh: true,
  };
}

function retrainingSections(run: StoredRun, detail: TrainingDetail): Section[] {
  const { comparison, minimumImprovement } = run;
  return [
    ['story', 'What happened', html`<ol class="story">${storyOf({ ...detail, run }).map(storyItem)}</ol>`],
    [
      'comparison',
      'Champion and challenger',
      comparison?.metric
        ? comparisonSection(comparison, minimumImprovement ?? 0)
        : empty('No challenger has been compared in this run.'),
    ],
  ];
}

const STEP_WORDS = { done: 'done', now: 'under way', stopped: 'ended here', open: 'not reached' };

function storyItem({ title, state, at, words }: StoryStep): Html {
  return html`<li class="${state}"><div class="step"><h3>${title}</h3> <span class="step-state">${STEP_WORDS[state]}</span></div><p>${words ?? (state === 'now' ? 'Under way.' : 'Not reached.')}</p>${at && html`<p class="meta">${instant(at)}</p>`}</li>`;
}

function runHead(run: StoredRun, { now, moves }: { now: Date; moves: boolean }): Html {
  const { state, modelName, championVersion, candidateVersion, createdAt, finishedAt, reason } = run;
  const took = finishedAt && `, took ${duration((finishedAt.getTime() - createdAt.getTime()) / 1_000)}`;
  const versions = `${championVersion === null ? 'the champion' : `version ${championVersion}`}${candidateVersion === null ? '' : `, challenger version ${candidateVersion}`}`;
  return html`<header class="run-head"><h1>Retraining of ${modelName} <small>${versions}</small></h1>
<p class="lead"><span class="run-state ${stateStyle(run)}">${stateWords(state)}</span> ${run.alertName}, ${ago(createdAt, now)}${took}</p>
<p class="why">${reason}</p>${moves && decisions(run)}</header>`;
}

/** What a person may decide about a run as it is. */
function decisions({ state, guard, modelName, trainingRunId }: StoredRun): Content {
  const link = (move: string, text: string, kind = ''): Html =>
    html`<a class="button ${kind}" href="${movePath(modelName, move, { run: trainingRunId })}">${text}</a>`;
  if (state === 'awaiting-approval') {
    return html`<p class="answers">${link('approve', 'Approve …')}${link('turn-down', 'Turn down …', 'quiet')}</p>`;
  }
  if (state !== 'queued' || guard === null) return undefined;
  if (guard === 'paused') {
    return html`<p class="answers"><a class="button" href="${movePath(modelName, 'resume')}">Resume retraining …</a></p>`;
  }
  return html`<p class="answers">${link('override', 'Let it pass …')}</p>`;
}

function experimentHead({ modelName, state, reason, startedAt, finishedAt }: Experiment, now: Date): Html {
  const took = finishedAt && `, took ${duration((finishedAt.getTime() - startedAt.getTime()) / 1_000)}`;
  return html`<header class="run-head"><h1>Training of ${modelName} <small>by hand</small></h1>
<p class="lead"><span class="run-state ${state}">${state}</span> ${ago(startedAt, now)}${took}</p>${reason && html`<p class="why">${reason}</p>`}</header>`;
}

function facts(run: StoredRun | undefined, experiment: Experiment | undefined): Html {
  const entries: [string, Content][] = [
    ...(run ? runFacts(run) : []),
    ...(experiment ? experimentFacts(experiment) : []),
  ];
  return html`<dl class="facts">${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function runFacts({ trainingRunId, attempt, startsAt, dataset }: StoredRun): [string, Content][] {
  const { firstRequestedAt, lastRequestedAt } = dataset ?? {};
  return [
    ['Run', html`<code>${trainingRunId}</code>`],
    ['Alert since', html`${instant(startsAt)}${attempt > 1 && `, run ${attempt} of this occurrence`}`],
    ...(firstRequestedAt && lastRequestedAt
      ? [['Rows of', html`${instant(firstRequestedAt)} – ${instant(lastRequestedAt)}`] as [string, Content]]
      : []),
  ];
}

function logSection({ log }: StoredRun): Section {
  const text = html`<pre class="log" tabindex="0" role="region" aria-label="Log of the training">${log}</pre>`;
  return ['log', 'Log of the training', log === '' ? empty('The training command has printed nothing.') : text];
}

/** As it was written: Markdown of a training command is shown as text, since nobody vouches for what is in it. */
function cardSection(card: string): Section {
  return [
    'card',
    'Model card',
    html`<pre class="log" tabindex="0" role="region" aria-label="Model card">${card}</pre>`,
  ];
}

/** The state of a run as people read it. */
export function stateWords(state: string): string {
  return state.replaceAll('-', ' ');
}
