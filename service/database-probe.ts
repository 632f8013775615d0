import { setTimeout as delay } from 'node:timers/promises';

/** Whether the database answered lately. */
export type DatabaseAnswers = () => Promise<boolean>;

/**
 * Asks the database when it is asked itself, once for all who ask within `maxAgeMs`, however often that is. Says no after
 * `timeoutMs` without an answer, and until the attempt has ended.
 * @param options.ask  rejects when the database does not answer; must settle in the end
 */
export function createDatabaseProbe(options: {
  ask: () => Promise<unknown>;
  now: () => number;
  maxAgeMs?: number;
  timeoutMs?: number;
}): DatabaseAnswers {
  const { ask, now, maxAgeMs = 1_000, timeoutMs = 1_000 } = options;
  let answer: Promise<boolean> | undefined;
  let endedAt: number | undefined;
  const start = (): Promise<boolean> => {
    endedAt = undefined;
    const answered = ask().then(
      () => true,
      () => false,
    );
    void answered.then(() => {
      endedAt = now();
    });
    return Promise.race([answered, delay(timeoutMs, false, { ref: false })]);
  };
  return () => {
    if (!answer || (endedAt !== undefined && now() - endedAt >= maxAgeMs)) answer = start();
    return answer;
  };
}
