import { ProblemsError } from './problems.js';

/**
 * What a person is told when a process or command cannot go on: the message alone of an error that was written for
 * people (one with a `cause`, or a list of problems), the stack of one that nobody foresaw.
 */
export function exitMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const foreseen = error instanceof ProblemsError || error.cause !== undefined;
  return foreseen ? error.message : (error.stack ?? error.message);
}
