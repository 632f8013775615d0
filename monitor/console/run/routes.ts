import { Router } from 'express';
import { validate as isUuid } from 'uuid';
import type { Pool } from '../../../core/postgres/pool.js';
import { listExperiments } from '../../../core/registry/experiments.js';
import { listShownRuns } from '../runs.js';
import { sendMissing, sendPage } from '../send.js';
import { trainingListPage } from './list-page.js';
import { trainingPage } from './page.js';
import { loadTraining } from './stored.js';

const LIST = '/runs';
const TRAINING = '/runs/:id';
/** Paths of the pages. */
export const RUN_PAGES = [LIST, TRAINING];

const MOST_LISTED = 50;

/** The list of trainings, and a page for each. Whoever comes here has a session. */
export function createRunPages(deps: { pool: Pool; clock: () => Date; moves: boolean }): Router {
  const { pool, clock, moves } = deps;
  const router = Router();
  router.get(LIST, async (request, response) => {
    const { model } = request.query;
    // Postgres cannot hold a name with NUL in it, and must not be asked for one.
    const modelName = typeof model === 'string' && !model.includes('\0') ? model : undefined;
    const runs = await listShownRuns(pool, { modelName, limit: MOST_LISTED });
    const byHand = await listExperiments(pool, { modelName, trainingRunId: null, limit: MOST_LISTED });
    sendPage(response, trainingListPage({ modelName, runs, byHand }, clock()));
  });
  router.get(TRAINING, async (request, response) => {
    const id = String(request.params.id);
    const detail = isUuid(id) ? await loadTraining(pool, id) : undefined;
    if (detail) sendPage(response, trainingPage(detail, { now: clock(), moves }));
    else sendMissing(response, `There is no training “${id}” on record.`);
  });
  return router;
}
