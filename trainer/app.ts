import express, { type Express, type RequestHandler } from 'express';
import type { Pool } from '../core/postgres/pool.js';
import type { Logger } from '../core/telemetry/logger.js';
import { hasToken } from './alerts/authenticate.js';
import { createWebhook } from './alerts/webhook.js';
import { createErrorHandler, sendProblem } from './http-error.js';
import { listRuns, loadRun, loadRunDetail } from './jobs/runs.js';
import type { TrainerMetrics } from './metrics.js';
import { runToJson } from './run-json.js';

const DEFAULT_RUNS = 50;
const MOST_RUNS = 500;

/** What the HTTP side works with. */
export interface AppDependencies {
  pool: Pool;
  logger: Logger;
  metrics: TrainerMetrics;
  token: string;
  /** Whether jobs are being taken off the queue. */
  isWorking: () => boolean;
}

/** The trainer's HTTP side: webhook, runs, health, metrics. Opens nothing, listens nowhere. */
export function createApp(dependencies: AppDependencies): Express {
  const { token, metrics, logger } = dependencies;
  const app = express();
  app.disable('x-powered-by');
  const countRefused = (): void => metrics.webhookRequests.inc({ outcome: 'unauthorized' });
  app.post('/v1/alerts', requireToken(token, countRefused), createWebhook(dependencies));
  addRunRoutes(app, dependencies);
  addOperationRoutes(app, dependencies);
  app.use((request, response) => {
    const detail = `nothing is at ${request.method} ${request.path}`;
    sendProblem(response, { status: 404, code: 'not_found', detail });
  });
  app.use(createErrorHandler(logger));
  return app;
}

function addRunRoutes(app: Express, { pool, token }: AppDependencies): void {
  const authenticated = requireToken(token);
  app.get('/v1/runs', authenticated, async (request, response) => {
    const limit = Number(request.query.limit ?? DEFAULT_RUNS);
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST_RUNS) {
      const detail = `limit is "${String(request.query.limit)}", wanted a whole number from 1 to ${MOST_RUNS}`;
      return sendProblem(response, { status: 400, code: 'invalid_request', detail });
    }
    const modelName = typeof request.query.model === 'string' ? request.query.model : undefined;
    const runs = await listRuns(pool, { modelName, limit });
    response.json({ runs: runs.map(runToJson) });
  });
  app.get('/v1/runs/:id', authenticated, async (request, response) => {
    const id = String(request.params.id);
    const run = /^[0-9a-f-]{36}$/i.test(id) ? await loadRun(pool, id) : undefined;
    if (!run) return sendProblem(response, { status: 404, code: 'run_not_found', detail: `there is no run "${id}"` });
    response.json({ ...runToJson(run), ...(await loadRunDetail(pool, run.trainingRunId)) });
  });
}

function addOperationRoutes(app: Express, { pool, metrics, isWorking }: AppDependencies): void {
  app.get('/health/live', (_request, response) => {
    response.json({ live: true });
  });
  app.get('/health/ready', async (_request, response) => {
    const problem = !isWorking()
      ? 'jobs are not being taken off the queue'
      : await pool.query('select 1').then(
          () => undefined,
          () => 'Postgres does not answer',
        );
    response.status(problem ? 503 : 200).json({ ready: !problem, ...(problem && { reason: problem }) });
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

function requireToken(token: string, onRefused: () => void = () => undefined): RequestHandler {
  return (request, response, next) => {
    if (hasToken(request.headers.authorization, token)) return next();
    onRefused();
    response.set('WWW-Authenticate', 'Bearer');
    const detail = 'send TRAINER_WEBHOOK_TOKEN as "Authorization: Bearer TOKEN"';
    sendProblem(response, { status: 401, code: 'unauthorized', detail });
  };
}
