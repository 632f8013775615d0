import type { MovePlan } from '../../../core/moves/plan.js';
import { type Content, type Html, html } from '../../html/html.js';
import type { Page } from '../layout.js';
import type { MoveInput } from './kinds.js';
import type { AskedMove, MoveForm } from './read-move.js';

/** What the page of a move shows. */
export interface Confirmation {
  asked: AskedMove;
  plan: MovePlan;
  /** Of the plan. */
  shown: string;
  signature: string;
  sessionId: string;
  /** Why it was not done as it was sent; nothing on the first visit. */
  problem?: string;
  /** What was typed then. */
  given?: Pick<MoveForm, 'reason' | 'name'>;
}

/** The page that says what a move will change, and asks why. */
export function confirmationPage(confirmation: Confirmation): Page {
  const { asked, plan, problem } = confirmation;
  const title = asked.kind.title(asked.query);
  const alert = problem && html`<p class="problem" role="alert">${problem}</p>`;
  if (plan.changes.length === 0) {
    return movePage(
      asked,
      title,
      html`${alert}<p class="headline">There is nothing to change: ${plan.done}.</p>${backLink(plan)}`,
    );
  }
  const changes = plan.changes.map((change) => html`<li>${change}.</li>`);
  const body = html`${alert}<h2>What will change</h2><ul class="changes">${changes}</ul>
${choices(asked)}${agreement(confirmation, title)}`;
  return movePage(asked, title, body);
}

/** The page of a move that is not possible as things are. @param last  a sentence on what was done to the model last */
export function refusalPage(asked: AskedMove, reason: string, last = ''): Page {
  const { kind, query } = asked;
  const main = html`<p class="problem" role="alert">Not possible now, and nothing was changed: ${reason}.${last}</p>${choices(asked)}`;
  return movePage(asked, kind.title(query), html`${main}${backLink(query)}`);
}

function movePage({ query }: AskedMove, title: string, body: Content): Page {
  const { modelName } = query;
  const href = `/models/${encodeURIComponent(modelName)}`;
  const main = html`<div class="move"><h1>${title} <small>${modelName}</small></h1>${body}</div>`;
  return { title: `${title}: ${modelName}`, main, trail: [{ text: modelName, href }] };
}

/** Numbers that a person may choose: the page says anew what would change. */
function choices({ kind, query, target }: AskedMove): Content {
  const { inputs = [] } = kind;
  if (inputs.length === 0) return undefined;
  const hidden = kind.about === 'version' && html`<input type="hidden" name="version" value="${query.version}">`;
  return html`<form class="choices" method="get" action="${target.split('?')[0]}">${hidden}${inputs.map((input) => field(input, query[input.name]))}<button class="quiet">Show what would change</button></form>`;
}

function field({ name, label, initial, limits }: MoveInput, value: number): Html {
  const { min, max, step } = limits;
  return html`<label>${label}<input type="number" name="${name}" value="${Number.isFinite(value) ? value : initial}" min="${min}" ${max && html`max="${max}"`} step="${step}" required></label>`;
}

function agreement({ asked, plan, shown, signature, sessionId, given, problem }: Confirmation, title: string): Html {
  const missing = problem !== undefined && given?.reason === '';
  return html`<form class="agree" method="post" action="${asked.target}">
<input type="hidden" name="shown" value="${shown}"><input type="hidden" name="signature" value="${signature}">
<label for="reason">Why? It goes on record.</label>
<textarea id="reason" name="reason" rows="3" maxlength="1000" required ${missing && html`aria-invalid="true"`}>${given?.reason}</textarea>
<label for="name">Your name <small>if you want it on record too</small></label>
<input id="name" name="name" maxlength="80" autocomplete="name" value="${given?.name ?? ''}">
<p class="hint">On record stands also: console, session <code>${sessionId}</code>.</p>
<div class="answers"><button>${title}</button>${backLink(plan)}</div></form>`;
}

function backLink({ modelName }: { modelName: string }): Html {
  return html`<a class="button quiet" href="/models/${encodeURIComponent(modelName)}">Leave it as it is</a>`;
}
