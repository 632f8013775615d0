import type { RequestProblem, ServiceError } from '../errors.js';

const SHOWN_PROBLEMS = 10;

/** The sentence that stands in `error`: the message, and where the input is at fault the first ten problems. */
export function describeError(error: ServiceError): string {
  const { errors, moreErrors = 0 } = error.details;
  if (!errors) return error.message;
  const more = errors.length - SHOWN_PROBLEMS + moreErrors;
  const shown = errors.slice(0, SHOWN_PROBLEMS).map(describeProblem).join('; ');
  return more > 0 ? `${shown}; and ${more} more problems` : shown;
}

/** Problems of rows come from the validation that /v1 shares, as a pointer into its `instances`. */
function describeProblem({ path, message }: RequestProblem): string {
  const [, row, feature] = /^\/instances\/(\d+)(?:\/(.*))?$/.exec(path) ?? [];
  if (row === undefined) return `${path === '/instances' ? 'the batch' : path} ${message}`.trim();
  if (feature === undefined) return `row ${row} ${message}`;
  return `row ${row}, feature ${JSON.stringify(feature.replaceAll('~1', '/').replaceAll('~0', '~'))} ${message}`;
}
