import type { Experiment } from '../../../core/registry/experiments.js';
import { sortTrials } from '../../../core/training/sort-trials.js';
import type { TrialRecord } from '../../../core/training/trials.js';
import { trialsChart } from '../../charts/trials-chart.js';
import { count, duration, figure } from '../../html/format.js';
import { type Content, type Html, html } from '../../html/html.js';
import { empty, table } from '../../views/table.js';
import { metricName } from './story.js';

/** Trials that are shown; the best, as the table is sorted. */
const MOST_TRIALS = 100;

/** What the search has tried: the metric trial by trial, and each with its parameters, the best first. */
export function trialsSection(trials: TrialRecord[]): Html {
  if (trials.length === 0) return empty('No trials: the training command did not search, or does not say.');
  const metric = metricName(trials[0]!.metric);
  const sorted = sortTrials(trials);
  const left = trials.length - MOST_TRIALS;
  // One point is no picture.
  const chart =
    trials.length > 1 &&
    html`<figure class="wide">${trialsChart(trials)}<figcaption>${metric} by trial <span class="key">complete</span> <span class="key pruned">given up early</span> <span class="key best">best so far</span></figcaption></figure>`;
  return html`${chart}
${table(
  trials.length === 1 ? 'The only trial' : `${count(trials.length)} trials, the best first`,
  [
    { head: 'Trial', cell: (trial) => `#${trial.number}` },
    { head: metric, cell: (trial) => figure(trial.score), number: true },
    { head: 'Family', cell: (trial) => trial.family },
    { head: 'Took', cell: (trial) => seconds(trial.durationSeconds), number: true },
    { head: 'State', cell: (trial) => html`<span class="brief">${stateOf(trial)}</span>` },
    { head: 'Parameters', cell: (trial) => html`<span class="long">${parametersOf(trial)}</span>` },
  ],
  sorted.slice(0, MOST_TRIALS),
  { stacked: true },
)}${left > 0 && html`<p>${count(left)} more are not shown; none of them is better than these.</p>`}`;
}

function seconds(value: number): string {
  return value < 60 ? `${value.toFixed(1)} s` : duration(value);
}

function stateOf({ state, reason }: TrialRecord): string {
  return reason === undefined ? state : `${state}: ${reason}`;
}

function parametersOf({ parameters }: TrialRecord): Content {
  return Object.entries(parameters).map(
    ([name, value]) => html`<span class="parameter">${name} <b>${shown(value)}</b></span> `,
  );
}

function shown(value: unknown): string {
  if (typeof value === 'number') return figure(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a training rests on, as name and value. */
export function experimentFacts(experiment: Experiment): [string, Content][] {
  const { request, datasetDigest, datasetRows, codeVersion, command, modelDigest } = experiment;
  const { trials, folds, metric } = request.training;
  return [
    ['Dataset', html`<code>${datasetDigest}</code>, ${count(datasetRows)} rows to learn from`],
    ['Code version', codeVersion ? html`<code>${codeVersion}</code>` : 'the training command does not say'],
    ['Command', html`<code>${command}</code>`],
    [
      'Asked for',
      `${count(trials)} ${trials === 1 ? 'trial' : 'trials'} in ${folds} folds, by ${metricName(metric)}; seed ${request.seed}`,
    ],
    ['Parent version', request.parentVersion ?? 'none'],
    ['Model file', modelDigest ? html`<code>${modelDigest}</code>` : 'none'],
  ];
}
