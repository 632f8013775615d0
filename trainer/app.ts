import express, { type Express, type RequestHandler } from 'express';
import type { Pool } from '../core/postgres/pool.js';
import type { Logger } from '../core/telemetry/logger.js';
import { hasToken } from './alerts/authenticate.js';
import { InvalidPayloadError, parsePayload } from './alerts/parse-payload.js';
import { receiveAlerts } from './alerts/receive-alerts.js';
import { createErrorHandler, sendProblem } from './http-error.js';
import { listRuns, loadRun, loadRunDetail } from './jobs/runs.js';
import type { TrainerMetrics } from './metrics.js';
import { runToJson } from './run-json.js';

/** A group of alerts is some kilobytes; `max_alerts` of Alertmanager bounds it. */
const BODY_LIMIT = '1mb';
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

/** The trainer's HTTP side: webhook, runs, health, metrics. */
export function createApp({ pool, logger, metrics, token, isWorking }: AppDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  const authenticated = requireToken(token, (path) => {
    if (path === '/v1/alerts') metrics.webhookRequests.inc({ outcome: 'unauthorized' });
  });

  app.post('/v1/alerts', authenticated, async (request, response) => {
    try {
      // Any content type: the body has to be JSON whatever it is called.
      await new Promise<void>((resolve, reject) =>
        express.json({ limit: BODY_LIMIT, type: () => true })(request, response, (error?: unknown) =>
          error ? reject(error) : resolve(),
        ),
      );
      const alerts = parsePayload(request.body);
      const runs = await receiveAlerts(pool, request.body, alerts).catch(blameData);
      for (const { status } of alerts) metrics.alerts.inc({ status });
      for (const { state } of runs.filter((run) => run.entered)) metrics.runs.inc({ state });
      metrics.webhookRequests.inc({ outcome: 'accepted' });
      logger.info({ alerts: alerts.length, created: runs.filter((run) => run.created).length }, 'alerts received');
      response.status(202).json({
        runs: runs.map((run) => ({
          training_run_id: run.trainingRunId,
          fingerprint: run.fingerprint,
          model: run.modelName,
          state: run.state,
          reason: run.reason,
          created: run.created,
        })),
      });
    } catch (error) {
      const invalid = error instanceof InvalidPayloadError || ((error as { status?: number }).status ?? 500) < 500;
      metrics.webhookRequests.inc({ outcome: invalid ? 'invalid' : 'failed' });
      throw error;
    }
  });

  app.get('/v1/runs', authenticated, async (request, response) => {
    const limit = Number(request.query.limit ?? DEFAULT_RUNS);
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST_RUNS) {
      const detail = `limit is "${String(request.query.limit)}", wanted a whole number from 1 to ${MOST_RUNS}`;
      return sendProblem(response, { status: 400, title: 'Bad Request', detail });
    }
    const modelName = typeof request.query.model === 'string' ? request.query.model : undefined;
    const runs = await listRuns(pool, { modelName, limit });
    response.json({ runs: runs.map(runToJson) });
  });

  app.get('/v1/runs/:id', authenticated, async (request, response) => {
    const id = String(request.params.id);
    const run = /^[0-9a-f-]{36}$/i.test(id) ? await loadRun(pool, id) : undefined;
    if (!run) return sendProblem(response, { status: 404, title: 'Not Found', detail: `there is no run "${id}"` });
    response.json({ ...runToJson(run), ...(await loadRunDetail(pool, run.trainingRunId)) });
  });

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

  app.use((request, response) => {
    sendProblem(response, {
      status: 404,
      title: 'Not Found',
      detail: `nothing is at ${request.method} ${request.path}`,
    });
  });
  app.use(createErrorHandler(logger));
  return app;
}

/** What Postgres refuses for its value or size (classes 22 and 54) is the sender's: a 5xx would have it sent for ever. */
function blameData(error: { code?: string; message: string }): never {
  if (/^(22|54)/.test(error.code ?? '')) throw new InvalidPayloadError([`it cannot be stored: ${error.message}`]);
  throw error;
}

function requireToken(token: string, onRefused: (path: string) => void): RequestHandler {
  return (request, response, next) => {
    if (hasToken(request.headers.authorization, token)) return next();
    onRefused(request.path);
    response.set('WWW-Authenticate', 'Bearer');
    sendProblem(response, {
      status: 401,
      title: 'Unauthorized',
      detail: 'send TRAINER_WEBHOOK_TOKEN as "Authorization: Bearer TOKEN"',
    });
  };
}
