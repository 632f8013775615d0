import express, { type Express, type Request, type Response } from 'express';
import type { Registry } from 'prom-client';
import type { Pool } from '../core/postgres/pool.js';
import { exposition } from '../core/telemetry/exposition.js';
import type { Logger } from '../core/telemetry/logger.js';
import { measureRequests, type RouteLine } from '../core/telemetry/measure-requests.js';
import { traceRequests } from '../core/telemetry/trace-requests.js';
import { noTracing, type Tracing } from '../core/telemetry/tracing.js';
import { listAlerts } from './alerts/stored.js';
import { alertBody, windowBody } from './bodies.js';
import { type Access, requireAccess } from './console/access.js';
import { createConsole, PAGES } from './console/router.js';
import { createErrorHandler, sendProblem } from './problem.js';
import { createReportRoute } from './reports/route.js';
import { DEFAULT_SERIES, loadWindows, type Series } from './verdicts/stored.js';

/** What the routes work with. */
export interface AppDependencies {
  pool: Pool;
  registry: Registry;
  logger: Logger;
  tracing?: Tracing;
  /** Who may see the console and reports; nobody when left out. */
  access?: Access | undefined;
  clock?: () => Date;
  /** Windows of this many rows, whatever the manifests say. */
  windowRows?: number | undefined;
  /** Address of a trace, with `{trace_id}` in it; the console shows ids only when left out. */
  traceUrl?: string | undefined;
  /** Whether models may be moved in the console; they may when left out. */
  consoleMoves?: boolean;
}

/** Composes the monitor's routes; opens nothing and listens nowhere. */
export function createApp(deps: AppDependencies): Express {
  const { pool, registry, logger, access, clock = () => new Date(), windowRows, tracing = noTracing } = deps;
  const { consoleMoves: moves = true, traceUrl } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.use(traceRequests(tracing), measureRequests(registry, MEASURED));
  app.get('/health/live', (_request, response) => void response.json({ live: true }));
  app.get('/health/ready', async (_request, response) => {
    const ready = await pool.query('select 1').then(
      () => true,
      () => false,
    );
    response.status(ready ? 200 : 503).json({ ready });
  });
  app.get('/metrics', async (request, response) => {
    const { contentType, body } = await exposition(registry, request.headers.accept);
    response.setHeader('content-type', contentType);
    response.end(body);
  });
  app.get('/v1/models/:model/windows', async (request, response) => {
    const query = await readQuery(pool, request, response);
    const series = query && readSeries(request, response);
    if (series) response.json({ windows: (await loadWindows(pool, { ...query, ...series })).map(windowBody) });
  });
  app.get('/v1/models/:model/alerts', async (request, response) => {
    const query = await readQuery(pool, request, response);
    if (query) response.json({ alerts: (await listAlerts(pool, query.modelName, query.limit)).map(alertBody) });
  });
  const reports = createReportRoute({ pool, clock, windowRows });
  app.get('/v1/models/:model/reports/:kind', requireAccess(access, sendProblem), reports);
  app.use(createConsole({ pool, access, logger, clock, windowRows, moves, traceUrl }));
  app.all(ROUTES, (request, response) => {
    response.set('allow', 'GET, HEAD');
    sendProblem(response, 405, `${request.path} is only read: ask with GET, not ${request.method}`);
  });
  app.use((request, response) => sendProblem(response, 404, `there is no ${request.method} ${request.path} here`));
  app.use(createErrorHandler(logger));
  return app;
}

/** Every path above; all of them answer GET only. */
const ROUTES = [
  '/health/live',
  '/health/ready',
  '/metrics',
  '/v1/models/:model/windows',
  '/v1/models/:model/alerts',
  '/v1/models/:model/reports/:kind',
];
/** What has metrics from the start: these, and the pages of the console. */
const MEASURED = [...ROUTES, ...PAGES].map((path) => `GET ${path}` as RouteLine);
const MOST_ITEMS = 500;

/** The series of windows that a request asks for; answers it with 400 itself, and gives undefined, when it is no text. */
function readSeries(request: Request, response: Response): Series | undefined {
  const { window: windowName = DEFAULT_SERIES.windowName, segment = DEFAULT_SERIES.segment } = request.query;
  // Postgres holds no name with NUL in it, and must not be asked for one.
  const isName = (value: unknown): value is string => typeof value === 'string' && !value.includes('\0');
  if (isName(windowName) && isName(segment)) return { windowName, segment };
  sendProblem(
    response,
    400,
    'window and segment are given once each: a name of monitoring.windows, and such as country=DE',
  );
  return undefined;
}

/** The model and limit that a request asks for; answers it with 404 or 400 itself, and gives undefined, when wrong. */
async function readQuery(
  pool: Pool,
  request: Request<{ model: string }>,
  response: Response,
): Promise<{ modelName: string; limit: number } | undefined> {
  const modelName = request.params.model;
  const text = request.query.limit ?? '20';
  const limit = typeof text === 'string' && /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MOST_ITEMS) {
    const given = JSON.stringify(text);
    sendProblem(response, 400, `limit must be a whole number from 1 to ${MOST_ITEMS}, got ${given}`);
    return undefined;
  }
  const { rowCount } = await pool.query('select 1 from models where model_name = $1', [modelName]);
  if (rowCount === 1) return { modelName, limit };
  sendProblem(response, 404, `no model "${modelName}" is registered; plumbline model list shows those that are`);
  return undefined;
}
