import { type Response, Router } from 'express';
import { validate as isUuid } from 'uuid';
import { describeDropped, loadKeptFrom } from '../../core/postgres/kept-from.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { Logger } from '../../core/telemetry/logger.js';
import { html } from '../html/html.js';
import { createErrorHandler } from '../problem.js';
import type { Access } from './access.js';
import { sessionOf } from './access.js';
import { askToSignIn } from './ask-to-sign-in.js';
import { createAssets } from './assets.js';
import { bareLayout } from './layout.js';
import { modelPage } from './model/page.js';
import { loadModelDetail } from './model/state.js';
import { createMoves, MOVE_PAGES } from './moves/routes.js';
import { overviewPage } from './overview/page.js';
import { loadModelStates } from './overview/state.js';
import { pageHeaders } from './policy.js';
import { findForm } from './prediction/find-form.js';
import { predictionPage } from './prediction/page.js';
import { loadPrediction } from './prediction/stored.js';
import { createRunPages, RUN_PAGES } from './run/routes.js';
import { sendFailure, sendMissing, sendPage } from './send.js';
import { createSignIn } from './sign-in.js';
import { PERIODS, type PeriodName } from './traffic.js';

/** What the console works with. Without `access` it is closed, and says how to open it. */
export interface ConsoleDependencies {
  pool: Pool;
  access: Access | undefined;
  logger: Logger;
  clock: () => Date;
  /** Windows of this many rows, whatever the manifests say. */
  windowRows: number | undefined;
  /** Whether models may be moved here; else they are only shown. */
  moves: boolean;
  /** Address of a trace, with `{trace_id}` in it. */
  traceUrl: string | undefined;
}

/** Paths of the pages. */
export const PAGES = ['/', '/models/:model', '/predictions', '/predictions/:id', ...RUN_PAGES, ...MOVE_PAGES];

/** The pages for people, from the overview to a prediction, and what they need. */
export function createConsole(dependencies: ConsoleDependencies): Router {
  const { pool, access, logger, clock, windowRows, moves, traceUrl } = dependencies;
  const router = Router();
  router.use('/assets', createAssets());
  router.use([...PAGES, '/sign-in', '/sign-out'], pageHeaders);
  if (!access) {
    router.get([...PAGES, '/sign-in'], (_request, response) => sendClosed(response));
    return router;
  }
  router.use(createSignIn(access));
  router.use(createMoves({ pool, access, logger, moves }));
  router.get(PAGES, (request, response, next) => {
    if (sessionOf(request, response, access)) next();
    else askToSignIn(request, response);
  });
  router.get('/', async (_request, response) => {
    const now = clock();
    sendPage(response, overviewPage(await loadModelStates(pool, { now }), now));
  });
  router.get('/models/:model', async (request, response) => {
    const { model } = request.params;
    const { version, period = 'hour' } = request.query;
    const asked = version === undefined ? undefined : Number(version);
    const now = clock();
    const name = typeof period === 'string' && Object.hasOwn(PERIODS, period) ? (period as PeriodName) : 'hour';
    const options = { asked: asked !== undefined && !isVersion(asked) ? -1 : asked, period: name, now, windowRows };
    const detail = model.includes('\0') ? undefined : await loadModelDetail(pool, model, options);
    if (detail) sendPage(response, modelPage(detail, { now, moves }));
    else
      sendMissing(
        response,
        `There is no model “${model}”${asked === undefined ? '' : ` with a version “${String(version)}”`} here.`,
      );
  });
  router.get('/predictions', (request, response) => {
    const id = typeof request.query.id === 'string' ? request.query.id.trim() : '';
    if (isUuid(id)) response.redirect(303, `/predictions/${id}`);
    else if (id === '') sendPage(response, { title: 'Predictions', main: html`<h1>Predictions</h1>${findForm()}` });
    else
      sendMissing(
        response,
        `“${id}” is not the id of a prediction: those are UUIDs, as in the answers of the service.`,
      );
  });
  router.get('/predictions/:id', async (request, response) => {
    const { id } = request.params;
    const prediction = isUuid(id) ? await loadPrediction(pool, id) : undefined;
    if (prediction) sendPage(response, predictionPage(prediction, traceUrl));
    else sendMissing(response, `No prediction “${id}” is stored. ${await whyNot(pool, id)}`);
  });
  router.use(createRunPages({ pool, clock, moves }));
  // A person who mistyped an address gets a page; programs get the problem that the monitor answers with.
  router.use((request, response, next) => {
    const wantsPage = request.method === 'GET' && request.accepts(['json', 'html']) === 'html';
    if (!wantsPage || request.path.startsWith('/v1/')) next();
    else pageHeaders(request, response, () => sendMissing(response, `There is no page “${request.path}”.`));
  });
  router.use(PAGES, createErrorHandler(logger, sendFailure));
  return router;
}

async function whyNot(pool: Pool, id: string): Promise<string> {
  const keptFrom = await loadKeptFrom(pool);
  const isDropped =
    keptFrom && isUuid(id) && Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) < keptFrom.getTime();
  return isDropped ? `Note: ${describeDropped(keptFrom)}.` : 'A new one takes a fraction of a second to arrive here.';
}

function isVersion(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value < 2 ** 31;
}

function sendClosed(response: Response): void {
  const main = html`<div class="gate"><h1>The console is closed</h1><p>It shows rows, so it needs a token, and there is no default one. Set <code>MONITOR_CONSOLE_TOKEN</code> for the monitor to at least 16 characters and start it again. <code>plumbline up</code> makes one by itself.</p></div>`;
  response.status(403).type('html').send(bareLayout('The console is closed', main).text);
}
