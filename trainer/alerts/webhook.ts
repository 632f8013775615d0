import express, { type Request, type RequestHandler, type Response } from 'express';
import type { Pool } from '../../core/postgres/pool.js';
import type { Logger } from '../../core/telemetry/logger.js';
import type { TrainerMetrics } from '../metrics.js';
import { InvalidPayloadError, parsePayload } from './parse-payload.js';
import { type ReceivedRun, receiveAlerts } from './receive-alerts.js';

/**
 * An alert is about one kilobyte. Alertmanager does not send a group again that was answered with 413; its `max_alerts`
 * keeps groups below that. However many alerts fit are stored in one transaction.
 */
const BODY_LIMIT = '1mb';

/** Answers `POST /v1/alerts`: 202 with the runs once they are stored; each request is counted by what became of it. */
export function createWebhook(options: {
  pool: Pool;
  logger: Logger;
  metrics: TrainerMetrics;
  cooldownMinutes?: number | undefined;
}): RequestHandler {
  const { pool, logger, metrics } = options;
  return async (request, response) => {
    try {
      await readBody(request, response);
      const alerts = parsePayload(request.body);
      const runs = await receiveAlerts(pool, request.body, alerts, options).catch(blameData);
      for (const { status } of alerts) metrics.alerts.inc({ status });
      for (const { state, guard } of runs.filter((run) => run.entered)) {
        metrics.runs.inc({ state });
        if (guard !== null) metrics.refusals.inc({ guard });
      }
      metrics.webhookRequests.inc({ outcome: 'accepted' });
      logger.info({ alerts: alerts.length, created: runs.filter((run) => run.created).length }, 'alerts received');
      response.status(202).json({ runs: runs.map(receivedToJson) });
    } catch (error) {
      const invalid = error instanceof InvalidPayloadError || ((error as { status?: number }).status ?? 500) < 500;
      metrics.webhookRequests.inc({ outcome: invalid ? 'invalid' : 'failed' });
      throw error;
    }
  };
}

/** Any content type, and any JSON: what it has to be is said by `parsePayload`. */
function readBody(request: Request, response: Response): Promise<void> {
  const read = express.json({ limit: BODY_LIMIT, strict: false, type: () => true });
  return new Promise((resolve, reject) => {
    read(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}

function receivedToJson(run: ReceivedRun): Record<string, unknown> {
  return {
    training_run_id: run.trainingRunId,
    fingerprint: run.fingerprint,
    model: run.modelName,
    state: run.state,
    reason: run.reason,
    created: run.created,
  };
}

/** What Postgres refuses for its value or size (classes 22 and 54) is the sender's: a 5xx would have it sent for ever. */
function blameData(error: { code?: string; message: string }): never {
  if (/^(22|54)/.test(error.code ?? '')) throw new InvalidPayloadError([`it cannot be stored: ${error.message}`]);
  throw error;
}
