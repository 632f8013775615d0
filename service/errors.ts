import { describeDropped } from '../core/postgres/kept-from.js';

/** One thing wrong in a request: a JSON pointer into its body, and a sentence that says what is wanted. */
export interface RequestProblem {
  path: string;
  message: string;
}

/** Stable names of what can go wrong: in answers, and as a label of metrics. */
export type ErrorCode =
  | 'invalid_request'
  | 'malformed_request'
  | 'malformed_json'
  | 'body_too_large'
  | 'unsupported_encoding'
  | 'unauthorised'
  | 'not_found'
  | 'model_not_found'
  | 'prediction_not_found'
  | 'prediction_dropped'
  | 'method_not_allowed'
  | 'model_not_ready'
  | 'overloaded'
  | 'deadline_exceeded'
  | 'client_gone'
  | 'request_timeout'
  | 'capture_failed'
  | 'prediction_pending'
  | 'database_unavailable'
  | 'inference_failed'
  | 'internal_error';

interface ErrorDetails {
  cause?: unknown;
  retryAfterSeconds?: number;
  errors?: RequestProblem[];
  /** Problems found beyond those in `errors`. */
  moreErrors?: number;
  /** Methods of the Allow header. */
  allow?: string[];
}

/** What is answered as a problem: status, code and a message for the client. */
export class ServiceError extends Error {
  override readonly name: string = 'ServiceError';
  readonly details: ErrorDetails;
  constructor(
    readonly status: number,
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, { cause: details.cause });
    this.details = details;
  }
}

/** The body is not what the manifest asks for; holds the problems, each with its path. `reason` is the metric's label. */
export class InvalidRequestError extends ServiceError {
  override readonly name = 'InvalidRequestError';
  constructor(
    readonly reason: InvalidReason,
    errors: RequestProblem[],
    moreErrors = 0,
  ) {
    const count = errors.length + moreErrors;
    const more = moreErrors > 0 ? `; the first ${errors.length} are listed, ${moreErrors} more are not` : '';
    super(400, 'invalid_request', `${count} ${count === 1 ? 'problem' : 'problems'} in the request body${more}`, {
      errors,
      moreErrors,
    });
  }
}

/** Why requests are refused as invalid: the closed set of a metric's label. */
export const INVALID_REASONS = [
  'malformed_json',
  'too_large',
  'wrong_shape',
  'missing_field',
  'unknown_field',
  'wrong_type',
  'out_of_range',
  'unseen_category',
  'unknown_prediction',
] as const;
export type InvalidReason = (typeof INVALID_REASONS)[number];

/** The reason a refused request is counted under; undefined when the fault is not in its body. */
export function invalidReason(error: ServiceError): InvalidReason | undefined {
  if (error instanceof InvalidRequestError) return error.reason;
  if (error.code === 'body_too_large') return 'too_large';
  return error.code === 'malformed_json' ? 'malformed_json' : undefined;
}

/** The service wants an API key, and none that is in force came with the request. */
export class UnauthorisedError extends ServiceError {
  override readonly name = 'UnauthorisedError';
  constructor(what: string) {
    super(
      401,
      'unauthorised',
      `${what}; send one that "plumbline keys add" made, as "x-api-key: KEY" or "Authorization: Bearer KEY"`,
    );
  }
}

/** No such model is registered with a champion. */
export class ModelNotFoundError extends ServiceError {
  override readonly name = 'ModelNotFoundError';
  constructor(model: string) {
    super(404, 'model_not_found', `no model "${model}" is served here; GET /v1/models lists those that are`);
  }
}

/** The model is, or may be, registered but not loaded yet. */
export class ModelNotReadyError extends ServiceError {
  override readonly name = 'ModelNotReadyError';
  constructor(message: string) {
    super(503, 'model_not_ready', message, { retryAfterSeconds: 2 });
  }
}

/** More is waiting than the service holds, or would wait for longer than it lets anybody wait. */
export class OverloadedError extends ServiceError {
  override readonly name: string = 'OverloadedError';
  constructor(message: string, retryAfterSeconds = 1) {
    super(503, 'overloaded', `${message}; try again a little later`, { retryAfterSeconds });
  }
}

/** The bodies of all requests together hold as much memory as they may. */
export class BodiesFullError extends OverloadedError {
  override readonly name = 'BodiesFullError';
  constructor(bytes: number) {
    super(`${bytes} bytes of request bodies are being read or answered already`);
  }
}

/**
 * The request waited for longer than the client or the service allows. 503 and not 504, which is for a gateway that
 * hears nothing from upstream (RFC 9110, section 15.6.5).
 */
export class DeadlineExceededError extends ServiceError {
  override readonly name = 'DeadlineExceededError';
  constructor(waitMs: number) {
    const message = `the request waited for ${waitMs} ms, as long as it may; try again a little later`;
    super(503, 'deadline_exceeded', message, { retryAfterSeconds: 1 });
  }
}

/** The client closed its connection before it was answered. Nobody reads the answer; 499 stands in metrics, as with nginx. */
export class ClientGoneError extends ServiceError {
  override readonly name = 'ClientGoneError';
  constructor(cause?: unknown) {
    super(499, 'client_gone', 'the client closed the connection before it was answered', { cause });
  }
}

/** The id is of a time whose predictions retention has removed. */
export class PredictionDroppedError extends ServiceError {
  override readonly name = 'PredictionDroppedError';
  constructor(keptFrom: Date) {
    super(410, 'prediction_dropped', describeDropped(keptFrom));
  }
}

/** The rows could not be stored, so there is no answer. */
export class CaptureFailedError extends ServiceError {
  override readonly name = 'CaptureFailedError';
  constructor(cause: unknown) {
    super(
      503,
      'capture_failed',
      'the prediction could not be stored, so it is not answered; try again a little later',
      {
        retryAfterSeconds: 2,
        cause,
      },
    );
  }
}

/** The spool holds all it may: Postgres has been away for long, or is too slow. */
export class SpoolFullError extends ServiceError {
  override readonly name = 'SpoolFullError';
  constructor(maxBytes: number) {
    super(503, 'capture_failed', `${maxBytes} bytes of predictions wait to be stored already; try again later`, {
      retryAfterSeconds: 2,
    });
  }
}

/** The prediction is in the spool and not in the database yet. */
export class PredictionPendingError extends ServiceError {
  override readonly name = 'PredictionPendingError';
  constructor() {
    super(
      503,
      'prediction_pending',
      'this prediction is still on its way into the database; try again a little later',
      {
        retryAfterSeconds: 1,
      },
    );
  }
}

/** Postgres is needed and away. */
export class DatabaseUnavailableError extends ServiceError {
  override readonly name = 'DatabaseUnavailableError';
  constructor(cause: unknown) {
    super(503, 'database_unavailable', 'the database cannot be reached now; try again a little later', {
      retryAfterSeconds: 2,
      cause,
    });
  }
}

/** The model failed on these rows. */
export class InferenceError extends ServiceError {
  override readonly name = 'InferenceError';
  constructor(model: string, cause: unknown) {
    super(500, 'inference_failed', `model ${model} failed on this request`, { cause });
  }
}
