import { isSame } from './session.js';

/** What came of a token that was given. */
export type Attempt = 'right' | 'wrong' | 'too-many';

/** How long the answer to a wrong token takes. */
export const WRONG_TOKEN_DELAY_MS = 1_000;
/** So many wrong tokens may wait for their answers; until one is answered no further token is looked at. */
const MOST_WAITING = 10;

/**
 * Checks tokens, wrong ones slowly: at most ten a second are looked at once guesses come in, whoever sends them and over
 * however many connections.
 * @param options.delay  resolves after so many milliseconds
 */
export function createAttempts(options: {
  token: string;
  delay: (milliseconds: number) => Promise<unknown>;
}): (given: string) => Promise<Attempt> {
  let waiting = 0;
  return async (given) => {
    if (waiting >= MOST_WAITING) return 'too-many';
    if (isSame(given, options.token)) return 'right';
    waiting += 1;
    try {
      await options.delay(WRONG_TOKEN_DELAY_MS);
    } finally {
      waiting -= 1;
    }
    return 'wrong';
  };
}
