import { type InvalidReason, InvalidRequestError, type RequestProblem } from '../errors.js';

/** A problem with the reason that its request is counted under if it is the first. */
export type ReasonedProblem = RequestProblem & { reason: InvalidReason };

/** The problems of one request as they are found. */
export interface ProblemList {
  /** Takes one in; `describe` is called only when it will be listed. */
  add(describe: () => ReasonedProblem): void;
  any(): boolean;
  /** @throws InvalidRequestError when there is any problem */
  refuse(): void;
}

/** Problems listed in one answer at most; the rest are counted. */
const LISTED_PROBLEMS = 100;

/** Collects the problems of a request: the first hundred in words, of the rest the number. */
export function createProblemList(): ProblemList {
  const listed: RequestProblem[] = [];
  let more = 0;
  let reason: InvalidReason | undefined;
  return {
    any: () => reason !== undefined,
    add: (describe) => {
      if (listed.length === LISTED_PROBLEMS) {
        more++;
        return;
      }
      const { path, message, reason: why } = describe();
      listed.push({ path, message });
      reason ??= why;
    },
    refuse: () => {
      if (reason !== undefined) throw new InvalidRequestError(reason, listed, more);
    },
  };
}
