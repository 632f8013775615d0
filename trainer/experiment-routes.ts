import type { Express, RequestHandler } from 'express';
import { validate as isUuid } from 'uuid';
import type { Pool } from '../core/postgres/pool.js';
import { listExperiments, listTrials, loadExperiment } from '../core/registry/experiments.js';
import { experimentToJson, trialToJson } from './experiment-json.js';
import { sendProblem } from './http-error.js';
import { readListQuery } from './list-query.js';
import { isUnstorable } from './unstorable.js';

/**
 * `GET /v1/experiments`, and `GET /v1/experiments/:id` with its trials. The id is that of an experiment, or of a retraining: then
 * its last experiment is shown.
 */
export function addExperimentRoutes(app: Express, pool: Pool, authenticate: RequestHandler): void {
  app.get('/v1/experiments', authenticate, async (request, response) => {
    const asked = readListQuery(request.query);
    if ('problem' in asked) {
      return sendProblem(response, { status: 400, code: 'invalid_request', detail: asked.problem });
    }
    const none = asked.modelName !== undefined && isUnstorable(asked.modelName);
    const experiments = none ? [] : await listExperiments(pool, asked);
    response.json({ experiments: experiments.map(experimentToJson) });
  });
  app.get('/v1/experiments/:id', authenticate, async (request, response) => {
    const id = String(request.params.id);
    const experiment = isUuid(id) ? await loadExperiment(pool, id) : undefined;
    if (!experiment) {
      const detail = `there is no experiment "${id}", and no retraining of that id that has trained`;
      return sendProblem(response, { status: 404, code: 'experiment_not_found', detail });
    }
    const trials = await listTrials(pool, experiment.experimentId);
    response.json({
      ...experimentToJson(experiment),
      model_card: experiment.modelCard,
      trials: trials.map(trialToJson),
    });
  });
}
