import type { Express, RequestHandler } from 'express';
import { validate as isUuid } from 'uuid';
import type { Pool } from '../core/postgres/pool.js';
import { sendProblem } from './http-error.js';
import { listRuns, loadRun, loadRunDetail } from './jobs/runs.js';
import { readListQuery } from './list-query.js';
import { runToJson } from './run-json.js';
import { isUnstorable } from './unstorable.js';

/** `GET /v1/runs` and `GET /v1/runs/:id`. Names that Postgres cannot hold, and ids that are no UUID, are not there: it is not asked about them. */
export function addRunRoutes(app: Express, pool: Pool, authenticate: RequestHandler): void {
  app.get('/v1/runs', authenticate, async (request, response) => {
    const asked = readListQuery(request.query);
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
