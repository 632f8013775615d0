import { ago, count, percent } from '../../html/format.js';
import { type Content, type Html, html } from '../../html/html.js';
import { movePath } from '../moves/kinds.js';
import type { ModelDetail } from './state.js';

/** What holds for a model besides its verdict: a pause, a challenger on its way; and what a person may do. */
export function movesSection(detail: ModelDetail, { now, moves }: { now: Date; moves: boolean }): Html {
  const { pause, rollout, state } = detail;
  const name = state.modelName;
  const paused =
    pause &&
    html`<p class="held"><strong>Paused</strong> ${ago(new Date(pause.at), now)} by ${pause.by}: ${pause.reason}. Nothing happens by itself.</p>`;
  return html`${paused}${rollout && rolloutLine(rollout, now)}${moves && offers(detail)}
<p><a href="/models/${encodeURIComponent(name)}/moves">Everything on record about ${name}</a></p>`;
}

function rolloutLine(
  { modelVersion, stage, policy, stageBeganAt }: NonNullable<ModelDetail['rollout']>,
  now: Date,
): Html {
  const { shadowRows, canaryShare, canaryRows } = policy;
  const words =
    stage === 'shadow'
      ? `answers ${count(shadowRows)} rows in the shadow`
      : `answers ${percent(canaryShare)} of the traffic for ${count(canaryRows)} rows`;
  return html`<p class="held"><strong>Version ${modelVersion}</strong> ${words}, since ${ago(stageBeganAt, now)}.</p>`;
}

function offers({ state: { modelName, champion }, promotions, pause, rollout }: ModelDetail): Content {
  const link = (move: string, text: string): Html =>
    html`<a class="button quiet" href="${movePath(modelName, move)}">${text} …</a>`;
  const replaced = promotions.some(
    ({ toVersion, fromVersion }) => toVersion === champion?.modelVersion && fromVersion !== null,
  );
  return html`<p class="answers">${rollout && link('withdraw', 'End the rollout')}${replaced && link('rollback', 'Roll back')}${pause ? link('resume', 'Resume retraining') : link('pause', 'Pause retraining')}${champion && link('rebaseline', 'Take the present rows as reference')}</p>`;
}
