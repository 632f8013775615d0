import type { IncomingMessage, ServerResponse } from 'node:http';
import { inSlices } from '../core/in-slices.js';
import type { Logger } from '../core/telemetry/logger.js';
import type { Spool } from './capture/spool.js';
import { CaptureFailedError, DeadlineExceededError, InferenceError, ServiceError } from './errors.js';
import { type BodyBudget, declaredBytes } from './http/body-budget.js';
import { type RequestContext, readContext } from './http/context.js';
import { loggable, sendProblem, toServiceError } from './http/problem.js';
import { readJson } from './http/read-body.js';
import type { InvalidRequests } from './invalid-requests.js';
import type { Outcome } from './metrics/inference.js';
import type { ServiceMetrics } from './metrics/metrics.js';
import type { Champions, Pinned } from './models/champions.js';
import type { ServingModel } from './models/serving-model.js';
import type { Admission } from './predict/admission.js';
import type { Answer } from './predict/answer.js';
import type { Flag } from './predict/flags.js';
import { createPatience } from './predict/patience.js';
import type { Captured } from './predict/prediction-tuples.js';

/** What the data path works with. */
export interface DataPathOptions {
  champions: Champions;
  admission: Admission;
  spool: Pick<Spool, 'assertRoom'>;
  metrics: Pick<ServiceMetrics, 'http' | 'invalid' | 'capture'>;
  logger: Logger;
  newId: () => string;
  /** Counts refusals by model, for the quality of its data. */
  invalidRequests?: Pick<InvalidRequests, 'count'>;
  bodies: BodyBudget;
  /** How long a request may wait for the model. */
  deadlineMs: number;
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
    options.admission.assertOpen(declaredBytes(request, options.bodies.maxBytes));
    const body = await readJson(request, options.bodies);
    const answer = await usePinned(options.champions.pin(name), (model) =>
      predict(model, options, body, context, model.respond),
    );
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(answer),
      'x-request-id': context.requestId,
    });
    response.end(answer);
  } catch (thrown) {
    const error = toServiceError(thrown);
    options.metrics.invalid(error);
    options.invalidRequests?.count(error, name);
    if (error.status >= 500 && !isCounted(error)) logFailure(options.logger, error, name, context);
    sendProblem(response, error, context.requestId);
  }
  options.metrics.http('POST', ROUTE, response.statusCode, (performance.now() - started) / 1_000);
}

/** Holds a pinned version for the whole of a request, so that a promotion meanwhile changes nothing for it, and counts how it ended. */
export async function usePinned<T>(pinned: Pinned, use: (model: ServingModel) => Promise<T>): Promise<T> {
  try {
    const answer = await use(pinned.model);
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
export async function predict<T>(
  model: ServingModel,
  options: Pick<DataPathOptions, 'admission' | 'spool' | 'metrics' | 'newId' | 'deadlineMs'>,
  body: unknown,
  context: RequestContext,
  respond: (ids: string[], answer: Answer, flags: (Flag[] | undefined)[]) => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const patience = createPatience(context.request, options.deadlineMs);
  const leave = enter(options, model, countRows(body));
  try {
    const { batch, flags } = await model.validate(body);
    patience.assertWanted();
    const ids: string[] = [];
    await inSlices(batch.rows, (start, end) => {
      for (let row = start; row < end; row++) ids.push(options.newId());
    });
    const capture = (answer: Captured['answer']): Promise<void> => {
      const latencyUs = Math.round((performance.now() - started) * 1_000);
      const { requestId, traceId } = context;
      return model.record({ ids, batch, flags, answer, latencyUs, requestId, traceId });
    };
    const answer = await model.infer(batch, patience).catch(async (error: unknown) => {
      if (error instanceof DeadlineExceededError) options.metrics.capture.refused(batch.rows);
      // Recorded too: what the model fails on is worth knowing. Counted when it cannot be.
      if (error instanceof InferenceError) await capture({ errorClass: errorClass(error) }).catch(() => undefined);
      throw error;
    });
    await capture(answer);
    return await respond(ids, answer, flags);
  } finally {
    leave();
  }
}

/** Rows that a body claims to have, before anything of it is checked; 1 at least. */
function countRows(body: unknown): number {
  const { instances } = (body ?? {}) as { instances?: unknown };
  return Array.isArray(instances) ? Math.max(1, instances.length) : 1;
}

/** Refuses before any work is done what could not be kept. */
function enter(
  { admission, spool, metrics }: Pick<DataPathOptions, 'admission' | 'spool' | 'metrics'>,
  model: ServingModel,
  rows: number,
): () => void {
  try {
    assertRoom(spool);
    return admission.enter(rows, model.rowTime.msPerRow());
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
export function isCounted({ code }: ServiceError): boolean {
  return code === 'overloaded' || code === 'capture_failed' || code === 'deadline_exceeded';
}

function outcomeOf({ status, code }: ServiceError): Outcome {
  if (code === 'overloaded' || code === 'capture_failed' || code === 'deadline_exceeded' || code === 'client_gone') {
    return code;
  }
  return status < 500 ? 'invalid' : 'inference_failed';
}

/** Logs why a prediction failed, without any feature value. */
export function logFailure(logger: Logger, error: ServiceError, model: string, context: RequestContext): void {
  const fields = { model, requestId: context.requestId, traceId: context.traceId, code: error.code };
  logger.error({ ...fields, err: loggable(error.cause ?? error) }, 'prediction failed');
}
