import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Attributes } from '@opentelemetry/api';
import type { InSlices } from '../core/in-slices.js';
import type { Flag } from '../core/inference/flags.js';
import { loggable } from '../core/telemetry/loggable.js';
import type { Logger } from '../core/telemetry/logger.js';
import type { Tracing } from '../core/telemetry/tracing.js';
import type { Spool } from './capture/spool.js';
import { CaptureFailedError, DeadlineExceededError, InferenceError, ServiceError } from './errors.js';
import { type BodyBudget, declaredBytes } from './http/body-budget.js';
import { type RequestContext, readContext } from './http/context.js';
import { finishRequest } from './http/finish.js';
import { sendProblem, toServiceError } from './http/problem.js';
import { readJson } from './http/read-body.js';
import type { InvalidRequests } from './invalid-requests.js';
import type { KeyCheck } from './keys/key-check.js';
import type { Outcome } from './metrics/inference.js';
import type { ServiceMetrics } from './metrics/metrics.js';
import type { Champions, Pinned } from './models/champions.js';
import type { ServingModel } from './models/serving-model.js';
import type { Admission } from './predict/admission.js';
import type { Answer } from './predict/answer.js';
import { createPatience } from './predict/patience.js';
import type { Captured } from './predict/prediction-tuples.js';
import { SMALL_ROWS } from './predict/quick-read.js';

/** What the data path works with. */
export interface DataPathOptions {
  champions: Champions;
  admission: Admission;
  spool: Pick<Spool, 'assertRoom'>;
  metrics: Pick<ServiceMetrics, 'http' | 'invalid' | 'capture'>;
  logger: Logger;
  tracing: Tracing;
  newId: () => string;
  /** Counts refusals by model, for the quality of its data. */
  invalidRequests?: Pick<InvalidRequests, 'count'>;
  bodies: BodyBudget;
  /** Who may ask; everybody when left out. */
  keys?: Pick<KeyCheck, 'assertKey'> | undefined;
  /** How long a request may wait for the model. */
  deadlineMs: number;
  /** What is done with many rows, in slices that all requests share. */
  eachSlice: InSlices;
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
  const context = readContext(request, options);
  let error: ServiceError | undefined;
  try {
    options.keys?.assertKey(request);
    options.admission.assertOpen(declaredBytes(request, options.bodies.maxBytes));
    const body = await readJson(request, options.bodies, options.eachSlice);
    const answer = await usePinned(options.champions.pin(name, context), (model) =>
      predict<string | Buffer[]>(model, options, body, context, (ids, given, flags) =>
        ids.length <= SMALL_ROWS ? model.respond.small(ids, given, flags) : model.respond.large(ids, given, flags),
      ),
    );
    sendAnswer(response, answer, context.requestId);
  } catch (thrown) {
    error = toServiceError(thrown);
    options.metrics.invalid(error);
    if (context.source === 'live') options.invalidRequests?.count(error, name);
    if (error.status >= 500 && !isCounted(error)) logFailure(options.logger, error, name, context);
    sendProblem(response, error, context);
  }
  finishRequest(options, context, { method: 'POST', route: ROUTE, statusCode: response.statusCode, error });
}

/** Sends the body of an answer: one text, or the pieces of a large one. */
function sendAnswer(response: ServerResponse, answer: string | Buffer[], requestId: string): void {
  const bytes =
    typeof answer === 'string' ? Buffer.byteLength(answer) : answer.reduce((sum, piece) => sum + piece.length, 0);
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': bytes,
    'x-request-id': requestId,
  });
  if (typeof answer === 'string') return void response.end(answer);
  for (const piece of answer) response.write(piece);
  response.end();
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
  options: Pick<DataPathOptions, 'admission' | 'spool' | 'metrics' | 'newId' | 'deadlineMs' | 'eachSlice'>,
  body: unknown,
  context: RequestContext,
  respond: (ids: string[], answer: Answer, flags: (Flag[] | undefined)[]) => T | Promise<T>,
): Promise<T> {
  const started = performance.now();
  const { span } = context;
  const patience = createPatience(context.request, options.deadlineMs);
  const leave = enter(options, model, countRows(body));
  try {
    span?.enter('validate');
    const { batch, flags, inputs } = model.readSmall(body) ?? (await model.validate(body));
    patience.assertWanted();
    const ids: string[] = [];
    const addIds = (start: number, end: number): void => {
      for (let row = start; row < end; row++) ids.push(options.newId());
    };
    if (batch.rows <= SMALL_ROWS) addIds(0, batch.rows);
    else await options.eachSlice(batch.rows, addIds);
    const capture = (answer: Captured['answer']): Promise<void> => {
      const latencyUs = Math.round((performance.now() - started) * 1_000);
      const { requestId, traceId, source } = context;
      return model.record({ ids, batch, inputs, flags, answer, latencyUs, requestId, traceId, source });
    };
    span?.set(describeModel(model));
    span?.enter('infer', { 'plumbline.rows': batch.rows });
    const answer = await model.infer(batch, patience, span?.step).catch(async (error: unknown) => {
      if (error instanceof DeadlineExceededError) options.metrics.capture.refused(batch.rows);
      // Recorded too: what the model fails on is worth knowing. Counted when it cannot be.
      if (error instanceof InferenceError) await capture({ errorClass: errorClass(error) }).catch(() => undefined);
      throw error;
    });
    span?.enter('record', { 'plumbline.prediction.ids': ids.slice(0, SHOWN_IDS) });
    await capture(answer);
    span?.leave();
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

/** Prediction ids that a span shows: each leads to its row. */
const SHOWN_IDS = 16;

function describeModel(model: ServingModel): Attributes {
  return { 'plumbline.model.name': model.name, 'plumbline.model.version': model.version };
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
  const fields = { modelName: model, requestId: context.requestId, trace_id: context.traceId, code: error.code };
  logger.error({ ...fields, err: loggable(error.cause ?? error) }, 'prediction failed');
}
