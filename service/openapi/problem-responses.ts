import { PROBLEM_TYPE } from '../../core/http/problem.js';

const PROBLEMS: Record<number, string> = {
  400: 'The body is not what is asked for; `errors` lists every problem with its path',
  404: 'There is no such thing',
  410: 'It was older than retention, and removed',
  413: 'The body is too large',
  503: 'Not possible now; Retry-After says when to try again',
};

/** Responses for these statuses, all of them problems (RFC 9457). */
export function problemResponses(...statuses: number[]): Record<number, object> {
  const content = { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(statuses.map((status) => [status, { description: PROBLEMS[status], content }]));
}
