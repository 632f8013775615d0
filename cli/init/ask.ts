import { createInterface } from 'node:readline/promises';

/** Asks a person; an empty answer is the fallback. `check` says what is wrong with an answer, and it is asked again. */
export type Ask = (
  question: string,
  fallback: string,
  check?: (answer: string) => string | undefined,
) => Promise<string>;

/** Asks at the terminal. @throws Error  the terminal was closed before the answer */
export const askAtTerminal: Ask = async (question, fallback, check) => {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new AbortController();
  terminal.once('close', () => closed.abort());
  try {
    for (;;) {
      const line = await terminal.question(`${question} [${fallback}] `, { signal: closed.signal });
      const answer = line.trim() || fallback;
      const wrong = check?.(answer);
      if (wrong === undefined) return answer;
      console.log(wrong);
    }
  } catch (error) {
    throw new Error('nothing was written: the question was not answered', { cause: error });
  } finally {
    terminal.close();
  }
};
