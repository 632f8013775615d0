import express, { type Express, type RequestHandler } from 'express';
import type { Pool } from '../core/postgres/pool.js';
import { exposition } from '../core/telemetry/exposition.js';
import type { Logger } from '../core/telemetry/logger.js';
import { measureRequests, type RouteLine } from '../core/telemetry/measure-requests.js';
import { traceRequests } from '../core/telemetry/trace-requests.js';
import { noTracing, type Tracing } from '../core/telemetry/tracing.js';
import { hasToken } from './alerts/authenticate.js';
import { createWebhook } from './alerts/webhook.js';
import { addExperimentRoutes } from './experiment-routes.js';
import { createErrorHandler, sendProblem } from './http-error.js';
import type { TrainerMetrics } from './metrics.js';
import { addRunRoutes } from './run-routes.js';

/** What the HTTP side works with. */
export interface AppDependencies {
  pool: Pool;
  logger: Logger;
  metrics: TrainerMetrics;
  token: string;
  /** In place of that of every manifest. */
  cooldownMinutes?: number | undefined;
  tracing?: Tracing;
  /** Whether jobs are being taken off the queue. */
  isWorking: () => boolean;
}

/** Every route, whose metrics are there from the start. */
export const ROUTES: readonly RouteLine[] = [
  'POST /v1/alerts',
  'GET /v1/runs',
  'GET /v1/runs/:id',
  'GET /v1/experiments',
  'GET /v1/experiments/:id',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
];

/** The trainer's HTTP side: webhook, runs, health, metrics. Opens nothing, listens nowhere. */
export function createApp(dependencies: AppDependencies): Express {
  const { token, metrics, logger, tracing = noTracing } = dependencies;
  const app = express();
  app.disable('x-powered-by');
  app.use(traceRequests(tracing), measureRequests(metrics.registry, ROUTES));
  const countRefused = (): void => metrics.webhookRequests.inc({ outcome: 'unauthorized' });
  app.post('/v1/alerts', requireToken(token, countRefused), createWebhook(dependencies));
  addRunRoutes(app, dependencies.pool, requireToken(token));
  addExperimentRoutes(app, dependencies.pool, requireToken(token));
  addOperationRoutes(app, dependencies);
  app.use((request, response) => {
    const detail = `nothing is at ${request.method} ${request.path}`;
    sendProblem(response, { status: 404, code: 'not_found', detail });
  });
  app.use(createErrorHandler(logger));
  return app;
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
  app.get('/metrics', async (request, response) => {
    const { contentType, body } = await exposition(metrics.registry, request.headers.accept);
    response.setHeader('content-type', contentType);
    response.end(body);
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
