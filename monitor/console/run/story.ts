import { sortTrials } from '../../../core/training/sort-trials.js';
import { count, duration, figure } from '../../html/format.js';
import { type Content, html } from '../../html/html.js';
import type { StoredRun, TrainingDetail } from './stored.js';

/** Where a step of a retraining is. */
export type StepState = 'done' | 'now' | 'stopped' | 'open';

/** One step of the way from an alert to a champion. */
export interface StoryStep {
  title: string;
  state: StepState;
  at: Date | undefined;
  /** What came of it. */
  words: Content;
}

const STOPPED = ['failed', 'refused', 'cancelled'];

/** The way of a retraining, step by step, those that it has not reached as `open`. */
export function storyOf(detail: TrainingDetail & { run: StoredRun }): StoryStep[] {
  const { run } = detail;
  const { description, summary } = run.alert.annotations ?? {};
  const alert = { title: 'Alert', state: 'done' as const, at: run.startsAt };
  return [
    { ...alert, words: html`<strong>${run.alertName}</strong> ${description ?? summary}` },
    guards(detail),
    dataset(detail),
    trials(detail),
    comparison(detail),
    decision(detail),
    result(detail),
  ];
}

function guards({ run, audit }: TrainingDetail & { run: StoredRun }): StoryStep {
  const { startedAt, guard, override, state, reason } = run;
  const held = new Set(audit.flatMap(({ action, details }) => (action === 'run.queued' ? guardOf(details) : [])));
  const passed = override ? html`Let pass by ${override.by}: ${override.reason}` : 'Passed';
  const earlier = held.size > 0 && `, after it was held by ${[...held].join(', ')}`;
  if (startedAt) return { title: 'Guards', state: 'done', at: startedAt, words: html`${passed}${earlier}.` };
  const words =
    guard === null
      ? 'Waits for its turn.'
      : html`${state === 'queued' ? 'Held' : 'Refused'} by <strong>${guard}</strong>: ${reason}`;
  return { title: 'Guards', state: STOPPED.includes(state) ? 'stopped' : 'now', at: undefined, words };
}

function guardOf(details: unknown): string[] {
  const { guard } = (details ?? {}) as { guard?: unknown };
  return typeof guard === 'string' ? [guard] : [];
}

function dataset({ run, audit }: TrainingDetail & { run: StoredRun }): StoryStep {
  const title = 'Dataset';
  const built = run.dataset;
  if (!built) {
    const waits = run.state === 'waiting';
    return {
      title,
      state: waits ? 'now' : 'open',
      at: undefined,
      words: waits ? `Waits for outcomes: ${run.reason}` : undefined,
    };
  }
  const { recentTrainingRows = 0, referenceRows = 0, referenceLeftOut = false, heldOutRows = 0 } = built;
  const reference = referenceLeftOut
    ? 'to learn from, and none of the reference: one constant answer does better by now than the champion that learned from it'
    : `and ${count(referenceRows)} of the reference to learn from`;
  const words = `${count(recentTrainingRows)} recent labelled rows ${reference}; the newest ${count(heldOutRows)} held out.`;
  return { title, state: 'done', at: audit.find(({ action }) => action === 'dataset.built')?.recordedAt, words };
}

function trials({ experiment, trials: all }: TrainingDetail): StoryStep {
  const title = 'Training';
  if (!experiment) return { title, state: 'open', at: undefined, words: undefined };
  const { state, reason, startedAt, finishedAt } = experiment;
  if (state === 'running') return { title, state: 'now', at: startedAt, words: 'Under way.' };
  const took = finishedAt ? duration((finishedAt.getTime() - startedAt.getTime()) / 1_000) : 'an unknown time';
  const at = finishedAt ?? undefined;
  if (state !== 'complete') return { title, state: 'stopped', at, words: `${state} after ${took}: ${reason}` };
  const [best] = sortTrials(all).filter((trial) => trial.state === 'complete');
  const search =
    best &&
    `; ${all.length === 1 ? 'the only trial' : `the best of ${count(all.length)} trials`} is ${best.family} with ${metricName(best.metric)} ${figure(best.score)}`;
  return { title, state: 'done', at, words: `Took ${took}${search ?? ''}.` };
}

function comparison({ run, audit }: TrainingDetail & { run: StoredRun }): StoryStep {
  const title = 'Comparison';
  const compared = run.comparison;
  if (!compared?.metric) {
    return { title, state: run.state === 'comparing' ? 'now' : 'open', at: undefined, words: undefined };
  }
  const { metric, challenger, champion, rows } = compared;
  const words = `Version ${run.candidateVersion}: ${metricName(metric)} ${figure(challenger)} against ${figure(champion)} of the champion, on the same ${count(rows)} held-out rows.`;
  return { title, state: 'done', at: audit.find(({ action }) => action === 'version.registered')?.recordedAt, words };
}

const DECISIONS = { promote: 'Promote', keep: 'Keep the champion', ask: 'Ask a person' };

function decision({ run }: TrainingDetail & { run: StoredRun }): StoryStep {
  const { decision: decided, reason } = run.comparison ?? {};
  if (!decided) return { title: 'Decision', state: 'open', at: undefined, words: undefined };
  return {
    title: 'Decision',
    state: 'done',
    at: run.finishedAt ?? undefined,
    words: html`<strong>${DECISIONS[decided]}.</strong> ${reason}`,
  };
}

function result({ run, audit }: TrainingDetail & { run: StoredRun }): StoryStep {
  const { state, reason, candidateVersion, finishedAt } = run;
  const title = 'Result';
  const last = audit.at(-1)?.recordedAt ?? finishedAt ?? undefined;
  const step = (kind: StepState, words: Content): StoryStep => ({
    title,
    state: kind,
    at: kind === 'open' ? undefined : last,
    words,
  });
  if (state === 'promoted')
    return step('done', html`<strong>Version ${candidateVersion} became the champion.</strong>`);
  if (state === 'kept')
    return step('done', html`<strong>The champion stays.</strong> ${reason !== run.comparison?.reason && reason}`);
  if (state === 'awaiting-approval') return step('now', `Version ${candidateVersion} waits for a person.`);
  if (state === 'rolling-out')
    return step('now', `Version ${candidateVersion} is on its way: in the shadow or as canary.`);
  if (STOPPED.includes(state)) return step('stopped', html`<strong>${state}:</strong> ${reason}`);
  return step('open', undefined);
}

/** A metric as people read it. */
export function metricName(metric: string): string {
  return metric.replaceAll('_', ' ');
}
