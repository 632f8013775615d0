import { findNewestMove, loadNewestMove } from '../../../core/audit/list.js';
import { carryOut, PlanChangedError } from '../../../core/moves/carry-out.js';
import { type MovePlan, planDigest } from '../../../core/moves/plan.js';
import type { Pool, Queryable } from '../../../core/postgres/pool.js';
import { RefusedError } from '../../../core/registry/refused-error.js';
import type { Page } from '../layout.js';
import { confirmationPage, refusalPage } from './page.js';
import { type AskedMove, actorOf, assertModel, type MoveForm } from './read-move.js';
import { isOwnForm, signForm } from './signature.js';
import { wordsOf } from './trail-page.js';

/** What a move is shown and made with. */
export interface MoveContext {
  pool: Pool;
  /** Of the console: forms are signed under it. */
  token: string;
  sessionId: string;
}

/** A page, or the move was made and is this row of the audit trail. */
export type MoveAnswer = { status: number; page: Page } | { sequence: number; by: string };

/** What a move would change, as things are. */
export async function showMove(context: MoveContext, asked: AskedMove): Promise<MoveAnswer> {
  return orRefusal(context, asked, async () => askFor(context, asked, await planOf(asked, context.pool)));
}

/** Makes a move whose form came back, unless the form is another's, gives no reason, or things have changed since it was shown. */
export async function makeMove(
  context: MoveContext,
  asked: AskedMove,
  form: MoveForm,
  { sameOrigin }: { sameOrigin: boolean },
): Promise<MoveAnswer> {
  const { pool, token, sessionId } = context;
  const origin = { sessionId, target: asked.target, shown: form.shown };
  if (!sameOrigin || !isOwnForm(token, origin, form.signature)) {
    return { status: 403, page: refusalPage(asked, 'that form was not made by this console for this session') };
  }
  return orRefusal(context, asked, async () => {
    if (form.reason === '') {
      const problem = 'Say why: a move without a reason is not made.';
      return askFor(context, asked, await planOf(asked, pool), { status: 400, problem, given: form });
    }
    const by = actorOf(form.name, sessionId);
    try {
      const { sequence } = await carryOut(pool, (db) => planOf(asked, db), form.shown, { by, reason: form.reason });
      return { sequence, by };
    } catch (error) {
      if (!(error instanceof PlanChangedError)) throw error;
      // Such as by the first click of two.
      if (error.plan.changes.length === 0) return askFor(context, asked, error.plan);
      const last = await lastMove(pool, asked);
      const problem = `Things have changed since you were shown this, so nothing was done.${last} Look again.`;
      return askFor(context, asked, error.plan, { status: 409, problem, given: form });
    }
  });
}

/** With the newest move: a form that was sent once cannot be sent again when a later move has brought back what it was made for. */
async function planOf({ kind, query }: AskedMove, db: Queryable): Promise<MovePlan> {
  const plan = await kind.plan(query)(db);
  assertModel(plan, query.modelName);
  return { ...plan, newestMove: await loadNewestMove(db, plan.modelName) };
}

function askFor(
  { token, sessionId }: MoveContext,
  asked: AskedMove,
  plan: MovePlan,
  { status = 200, ...rest }: { status?: number; problem?: string; given?: MoveForm } = {},
): MoveAnswer {
  const shown = planDigest(plan);
  const signature = signForm(token, { sessionId, target: asked.target, shown });
  return { status, page: confirmationPage({ asked, plan, shown, signature, sessionId, ...rest }) };
}

async function orRefusal(
  { pool }: MoveContext,
  asked: AskedMove,
  work: () => Promise<MoveAnswer>,
): Promise<MoveAnswer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { status: 409, page: refusalPage(asked, error.message, await lastMove(pool, asked)) };
  }
}

/** Such as the first click of two, or what a colleague did; nothing where nothing was done. */
async function lastMove(db: Queryable, { query }: AskedMove): Promise<string> {
  const move = await findNewestMove(db, query.modelName);
  return move ? ` Done last: ${wordsOf(move)}, at ${move.recordedAt.toISOString()} by ${move.actor}.` : '';
}
