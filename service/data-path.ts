import type { IncomingMessage, ServerResponse } from 'node:http';
import { inSlices } from '../core/in-slices.js';
import type { Logger } from '../core/telemetry/logger.js';
import type { Spool } from './capture/spool.js';
import { CaptureFailedError, InferenceError, ServiceError } from './errors.js';
import { type RequestContext, readContext } from './http/context.js';
import { loggable, sendProblem, toServiceError } from './http/problem.js';
import { readJson } from './http/read-body.js';
import type { Outcome } from './metrics/inference.js';
import type { ServiceMetrics } from './metrics/metrics.js';
import type { Champions } from './models/champions.js';
import type { ServingModel } from './models/serving-model.js';
import type { Admission } from './predict/admission.js';
import type { Captured } from './predict/prediction-text.js';

/** What the data path works with. */
export interface DataPathOptions {
  champions: Champions;
  admission: Admission;
  spool: Pick<Spool, 'assertRoom'>;
  metrics: Pick<ServiceMetrics, 'http' | 'invalid' | 'capture'>;
  logger: Logger;
  newId: () => string;
  maxBodyBytes: number;
}

const PREDICT = /^\/v1\/models\/([^/?]+)\/predict(?:\?|$)/;
const ROUTE = '/v1/models/{model}/predict';

/**
 * Handles `POST /v1/models/{model}/predict` right on `node:http`: Express would cost seven times the request itself.
 * @returns a function that says whether the request was one for it
 */
export function createDataPath(
  options: DataPathOptions,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    if (request.method !== 'POST') return false;
    const name = PREDICT.exec(request.url ?? '')?.[1];
    if (name === undefined) return false;
    void handle(options, name, request, response);
    return true;
  };
}

async function handle(
  options: DataPathOptions,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const started = performance.now();
  const context = readContext(request, options.newId);
  try {
    const body = await readJson(request, options.maxBodyBytes);
    const answer = await answerWithChampion(options, name, body, context);
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(answer),
      'x-request-id': context.requestId,
    });
    response.end(answer);
  } catch (thrown) {
    const error = toServiceError(thrown);
    options.metrics.invalid(error);
    if (error.status >= 500 && !isCounted(error)) logFailure(options.logger, error, name, context);
    sendProblem(response, error, context.requestId);
  }
  options.metrics.http('POST', ROUTE, response.statusCode, (performance.now() - started) / 1_000);
}

/** Pins the champion for the whole of the request: a promotion meanwhile changes nothing for it. */
async function answerWithChampion(
  options: DataPathOptions,
  name: string,
  body: unknown,
  context: RequestContext,
): Promise<string> {
  const pinned = options.champions.pin(name);
  try {
    const answer = await predict(pinned.model, options, body, context);
    pinned.model.metrics.ended('ok');
    return answer;
  } catch (error) {
    pinned.model.metrics.ended(outcomeOf(toServiceError(error)));
    throw error;
  } finally {
    pinned.release();
  }
}

/** One prediction request: validate, infer, record, respond. */
async function predict(
  model: ServingModel,
  options: DataPathOptions,
  body: unknown,
  context: RequestContext,
): Promise<string> {
  const started = performance.now();
  const { batch, flags } = await model.validate(body);
  enter(options, batch.rows);
  try {
    const ids: string[] = [];
    await inSlices(batch.rows, (start, end) => {
      for (let row = start; row < end; row++) ids.push(options.newId());
    });
    const capture = (answer: Captured['answer']): Promise<void> => {
      const latencyUs = Math.round((performance.now() - started) * 1_000);
      return model.record({ ids, batch, flags, answer, latencyUs, ...context });
    };
    const answer = await model.infer(batch).catch(async (error: unknown) => {
      // Recorded too: what the model fails on is worth knowing. Counted when it cannot be.
      await capture({ errorClass: errorClass(error) }).catch(() => undefined);
      throw error;
    });
    await capture(answer);
    return await model.respond(ids, answer, flags);
  } finally {
    options.admission.leave(batch.rows);
  }
}

/** Refuses before any work is done what could not be kept. */
function enter({ admission, spool, metrics }: DataPathOptions, rows: number): void {
  try {
    assertRoom(spool);
    admission.enter(rows);
  } catch (error) {
    metrics.capture.refused(rows);
    throw error;
  }
}

function assertRoom(spool: Pick<Spool, 'assertRoom'>): void {
  try {
    spool.assertRoom();
  } catch (error) {
    throw error instanceof ServiceError ? error : new CaptureFailedError(error);
  }
}

/** Name of the class of what the model failed with. */
function errorClass(error: unknown): string {
  const cause = error instanceof InferenceError ? error.cause : error;
  return cause instanceof Error ? cause.constructor.name : typeof cause;
}

/** Refusals come in great numbers and are counted; the spool logs when they begin and end. */
function isCounted(error: ServiceError): boolean {
  return error.code === 'overloaded' || error.code === 'capture_failed';
}

function outcomeOf(error: ServiceError): Outcome {
  if (error.status < 500) return 'invalid';
  if (error.code === 'overloaded' || error.code === 'capture_failed') return error.code;
  return 'inference_failed';
}

function logFailure(logger: Logger, error: ServiceError, model: string, context: RequestContext): void {
  const fields = { model, requestId: context.requestId, traceId: context.traceId, code: error.code };
  logger.error({ ...fields, err: loggable(error.cause ?? error) }, 'prediction failed');
}
