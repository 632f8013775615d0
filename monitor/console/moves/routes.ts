import express, { type Request, type Response, Router } from 'express';
import { listModelAudit } from '../../../core/audit/list.js';
import type { Pool } from '../../../core/postgres/pool.js';
import type { Logger } from '../../../core/telemetry/logger.js';
import { html } from '../../html/html.js';
import { type Access, isSameOrigin, sessionOf } from '../access.js';
import { askToSignIn } from '../ask-to-sign-in.js';
import { sendMissing, sendPage } from '../send.js';
import { type MoveAnswer, makeMove, showMove } from './answer.js';
import { placeOf, readForm, readMove } from './read-move.js';
import { MOST_ROWS, trailPage } from './trail-page.js';

const TRAIL = '/models/:model/moves';
const MOVE = `${TRAIL}/:move`;
/** Paths of the pages; the form of a move is sent to its own page. */
export const MOVE_PAGES = [TRAIL, MOVE];
const LONGEST_FORM = '16kb';

type MoveRequest = Request<{ model: string; move: string }>;

/** A page for each move: what it will change, and a form that makes it; and what was done to a model. */
export function createMoves(deps: { pool: Pool; access: Access; logger: Logger; moves: boolean }): Router {
  const { pool, access, logger, moves } = deps;
  const router = Router();
  router.use(TRAIL, (request, response, next) => {
    const session = sessionOf(request, response, access);
    if (!session) return askToSignIn(request, response);
    response.locals.sessionId = session.id;
    next();
  });
  router.get(TRAIL, async (request: Request<{ model: string }>, response) => {
    const { model } = request.params;
    const known = !model.includes('\0') && (await isModel(pool, model));
    if (!known) return sendMissing(response, `There is no model “${model}” here.`);
    const rows = await listModelAudit(pool, model, MOST_ROWS);
    // What was done is told to whoever did it, not to those who are sent a link that says so.
    const own = placeOf(String(response.locals.sessionId));
    const made = rows.find(({ sequence, actor }) => sequence === Number(request.query.done) && actor.endsWith(own));
    sendPage(response, trailPage(model, rows, made));
  });
  if (!moves) {
    router.all(MOVE, (_request, response) => sendShut(response));
    return router;
  }
  const contextOf = ({ locals }: Response) => ({ pool, token: access.token, sessionId: String(locals.sessionId) });
  const send = ({ params: { model, move } }: MoveRequest, response: Response, answer: MoveAnswer): void => {
    if ('page' in answer) sendPage(response, answer.page, answer.status);
    else {
      logger.info({ modelName: model, move, ...answer }, 'model moved by the console');
      response.redirect(303, `/models/${encodeURIComponent(model)}/moves?done=${answer.sequence}`);
    }
  };
  router.get(MOVE, async (request: MoveRequest, response) => {
    const asked = readMove(request);
    if (!asked) return sendUnknown(request, response);
    send(request, response, await showMove(contextOf(response), asked));
  });
  const readBody = express.urlencoded({ extended: false, limit: LONGEST_FORM });
  router.post(MOVE, readBody, async (request: MoveRequest, response) => {
    const asked = readMove(request);
    if (!asked) return sendUnknown(request, response);
    const sameOrigin = isSameOrigin(request);
    send(request, response, await makeMove(contextOf(response), asked, readForm(request.body), { sameOrigin }));
  });

  return router;
}

function sendUnknown({ params: { move } }: MoveRequest, response: Response): void {
  sendMissing(response, `“${move}” is no move that can be made here, or something that it needs is missing.`);
}

function sendShut(response: Response): void {
  const main = html`<h1>This console only shows</h1><p>Its monitor has <code>MONITOR_CONSOLE_MOVES=off</code>: models are moved with <code>npx plumbline model</code> and <code>npx plumbline runs</code>.</p>`;
  sendPage(response, { title: 'Only shown here', main }, 403);
}

async function isModel(pool: Pool, modelName: string): Promise<boolean> {
  const { rowCount } = await pool.query('select 1 from models where model_name = $1', [modelName]);
  return rowCount === 1;
}
