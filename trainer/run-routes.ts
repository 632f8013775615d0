import type { Express, Request, RequestHandler } from 'express';
import { validate as isUuid } from 'uuid';
import type { Pool } from '../core/postgres/pool.js';
import { sendProblem } from './http-error.js';
import { listRuns, loadRun, loadRunDetail } from './jobs/runs.js';
import { runToJson } from './run-json.js';
import { isUnstorable } from './unstorable.js';

const DEFAULT_RUNS = 50;
const MOST_RUNS = 500;

/** `GET /v1/runs` and `GET /v1/runs/:id`. Names that Postgres cannot hold, and ids that are no UUID, are not there: it is not asked about them. */
export function addRunRoutes(app: Express, pool: Pool, authenticate: RequestHandler): void {
  app.get('/v1/runs', authenticate, async (request, response) => {
    const asked = readQuery(request.query);
    if ('problem' in asked) {
      return sendProblem(response, { status: 400, code: 'invalid_request', detail: asked.problem });
    }
    const none = asked.modelName !== undefined && isUnstorable(asked.modelName);
    const runs = none ? [] : await listRuns(pool, asked);
    response.json({ runs: runs.map(runToJson) });
  });
  app.get('/v1/runs/:id', authenticate, async (request, response) => {
    const id = String(request.params.id);
    const run = isUuid(id) ? await loadRun(pool, id) : undefined;
    if (!run) return sendProblem(response, { status: 404, code: 'run_not_found', detail: `there is no run "${id}"` });
    response.json({ ...runToJson(run), ...(await loadRunDetail(pool, run.trainingRunId)) });
  });
}

function readQuery(query: Request['query']): { modelName?: string; limit: number } | { problem: string } {
  const { model, limit: limitText = String(DEFAULT_RUNS), ...others } = query;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return { problem: `"${unknown}" is no parameter of this list, wanted model or limit` };
  if (model !== undefined && typeof model !== 'string') return { problem: 'model is given more than once' };
  const limit = Number(limitText);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_RUNS) {
    return { problem: `limit is "${String(limitText)}", wanted a whole number from 1 to ${MOST_RUNS}` };
  }
  return { limit, ...(model !== undefined && { modelName: model }) };
}
