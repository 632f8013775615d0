import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { Registry } from 'prom-client';
import type { Pool } from '../core/postgres/pool.js';
import { exposition } from '../core/telemetry/exposition.js';
import { loggable } from '../core/telemetry/loggable.js';
import type { Logger } from '../core/telemetry/logger.js';
import type { Tracing } from '../core/telemetry/tracing.js';
import type { PendingRows } from './capture/capture.js';
import { createDocs } from './docs.js';
import { ModelNotReadyError, ServiceError } from './errors.js';
import type { BodyBudget } from './http/body-budget.js';
import { type RequestContext, readContext } from './http/context.js';
import { finishRequest } from './http/finish.js';
import { sendProblem, toServiceError } from './http/problem.js';
import { readJson } from './http/read-body.js';
import type { KeyCheck } from './keys/key-check.js';
import { ROUTES, type Route } from './metrics/http.js';
import type { ServiceMetrics } from './metrics/metrics.js';
import type { Champions } from './models/champions.js';
import { loadPublicModel, summariseModel } from './models/public-model.js';
import { isId } from './new-id.js';
import { createOpenApi } from './openapi/document.js';
import { storeOutcomes } from './outcomes/store-outcomes.js';
import type { TakeTurn } from './outcomes/turns.js';
import { validateOutcomes } from './outcomes/validate-outcomes.js';
import { findPrediction } from './predictions/load-prediction.js';

/** What the app works with. */
export interface AppOptions {
  pool: Pool;
  champions: Champions;
  metrics: ServiceMetrics;
  /** The metrics of all processes of the service. */
  readMetrics: () => Promise<Registry>;
  logger: Logger;
  newId: () => string;
  tracing: Tracing;
  /** Rows that may not be in Postgres yet. */
  pending: PendingRows;
  bodies: BodyBudget;
  /** Who may bring outcomes and read predictions; everybody when left out. */
  keys?: Pick<KeyCheck, 'assertKey'> | undefined;
  maxInstances: number;
  /** Bounds the outcomes requests that use the pool at a time. */
  takeOutcomesTurn: TakeTurn;
}

/** Everything but predictions and /v2: outcomes, models, stored predictions, metrics and docs. Opens nothing, listens nowhere. */
export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // As on the data path: one spelling of each path.
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.use(begin(options));
  addModelRoutes(app, options);
  addPredictionRoutes(app, options);
  addOperationRoutes(app, options);
  app.use('/docs', named('/docs'), createDocs());
  for (const [route, methods] of Object.entries(ROUTES)) {
    app.all(expressPath(route), named(route as Route), () => {
      throw new ServiceError(405, 'method_not_allowed', `this path takes ${methods.join(', ')}`, {
        allow: [...methods],
      });
    });
  }
  app.use(() => {
    throw new ServiceError(404, 'not_found', 'there is nothing at this path; GET /docs shows what there is');
  });
  app.use(answerErrors(options));
  return app;
}

function addModelRoutes(app: Express, options: AppOptions): void {
  const { pool, champions, metrics, pending } = options;
  app.get('/v1/models', named('/v1/models'), (_request, response) => {
    if (!champions.ready) throw new ModelNotReadyError('the models are not loaded yet; try again a little later');
    response.json({ models: champions.list().map(summariseModel) });
  });
  app.get('/v1/models/:model', named('/v1/models/{model}'), async (request, response) => {
    response.json(await loadPublicModel(pool, champion(champions, request)));
  });
  app.post('/v1/models/:model/outcomes', named('/v1/models/{model}/outcomes'), async (request, response) => {
    options.keys?.assertKey(request);
    const body = await readJson(request, options.bodies);
    const { name, manifest } = champion(champions, request);
    const outcomes = validateOutcomes(manifest, body, options.maxInstances);
    const counts = await options.takeOutcomesTurn(() => storeOutcomes({ pool, pending }, name, outcomes));
    metrics.outcomes(counts);
    response.json(counts);
  });
}

function addPredictionRoutes(app: Express, { pool, pending, keys }: AppOptions): void {
  app.get('/v1/predictions/:id', named('/v1/predictions/{id}'), async (request, response) => {
    keys?.assertKey(request);
    const id = String(request.params.id).toLowerCase();
    const stored = isId(id) ? await findPrediction(pool, pending, id) : undefined;
    if (!stored) throw new ServiceError(404, 'prediction_not_found', 'no prediction with this id is stored');
    response.json(stored);
  });
}

function addOperationRoutes(app: Express, { champions, readMetrics, keys }: AppOptions): void {
  const openApi = createOpenApi(champions, { withKeys: keys !== undefined });
  app.get('/metrics', named('/metrics'), async (request, response) => {
    const { contentType, body } = await exposition(await readMetrics(), request.headers.accept);
    response.setHeader('content-type', contentType);
    response.end(body);
  });
  app.get('/openapi.json', named('/openapi.json'), (_request, response) => {
    response.json(openApi());
  });
}

/** The model of the path. @throws ModelNotFoundError, ModelNotReadyError */
function champion(champions: Champions, request: Request): ReturnType<Champions['list']>[number] {
  const pinned = champions.pin(String(request.params.model));
  pinned.release();
  return pinned.model;
}

interface Locals {
  context: RequestContext;
  route: Route;
  error?: ServiceError;
}

/** Names the route for the metric. */
function named(route: Route): RequestHandler {
  return (_request, response, next) => {
    (response.locals as Locals).route = route;
    next();
  };
}

/** `/v1/models/{model}` as Express writes it. */
function expressPath(route: string): string {
  return route.replaceAll(/\{(\w+)\}/g, ':$1');
}

/** Gives each request its id and observes its length. */
function begin(options: AppOptions): RequestHandler {
  return (request, response, next) => {
    const context = readContext(request, options);
    const locals: Locals = Object.assign(response.locals, { context, route: 'unmatched' as const });
    response.setHeader('x-request-id', context.requestId);
    response.once('close', () => {
      const { route, error } = locals;
      finishRequest(options, context, { method: request.method, route, statusCode: response.statusCode, error });
    });
    if (context.span) context.span.run(next);
    else next();
  };
}

/** The one place where errors become answers: what the client did wrong is told, what went wrong here is logged. */
function answerErrors({ metrics, logger }: AppOptions) {
  return (thrown: unknown, _request: Request, response: Response, _next: NextFunction): void => {
    const locals = response.locals as Locals;
    const { context, route } = locals;
    const error = toServiceError(
      isBadPath(thrown) ? new ServiceError(404, 'not_found', 'the path is not valid') : thrown,
    );
    locals.error = error;
    metrics.invalid(error);
    if (error.status >= 500 && error.code !== 'overloaded')
      logger.error({ err: loggable(error.cause ?? error), ...idsOf(context), route }, 'request failed');
    if (response.headersSent) return void response.destroy();
    sendProblem(response, error, context);
  };
}

function idsOf({ requestId, traceId }: RequestContext): { requestId: string; trace_id: string | null } {
  return { requestId, trace_id: traceId };
}

/** Express throws a plain URIError with a status for `%` that encodes nothing. */
function isBadPath(thrown: unknown): boolean {
  return thrown instanceof URIError;
}
