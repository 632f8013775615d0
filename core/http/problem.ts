import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';

/** Content type of a problem (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json';

/** What went wrong with a request, as a problem tells it. What else it has becomes members of their own. */
export interface HttpProblem {
  status: number;
  detail: string;
  /** Stable name of what went wrong; without one the status says it all. */
  code?: string;
  [extension: string]: unknown;
}

/** A problem (RFC 9457) as JSON: `type` follows from the code, `title` from the status. Members that are undefined are left out. */
export function problemBody({ status, detail, code, ...extensions }: HttpProblem): string {
  const type = code === undefined ? 'about:blank' : `urn:plumbline:problem:${code}`;
  return JSON.stringify({ type, title: STATUS_CODES[status], status, detail, code, ...extensions });
}

/** Answers a request of Express with a problem. */
export function answerProblem(response: Response, problem: HttpProblem): void {
  response.status(problem.status).type(PROBLEM_TYPE).send(problemBody(problem));
}
