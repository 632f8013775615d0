import type { PacedAnswer, PacedOutcome } from './send-paced.js';
import { isSuccess, type Latencies, latenciesOf } from './summarise.js';

/** A load whose answers are told one by one, so that they can be taken apart by what went on at the time. */
export interface TimedReport {
  /** When the first request was due, in milliseconds since 1970. */
  startedAt: number;
  due: number;
  answers: PacedAnswer[];
}

/** What the requests of a stretch of time met. */
export interface Stretch extends Latencies {
  requests: number;
}

/** The outcome of a load that has just ended. */
export function timedReport({ due, seconds, answers }: PacedOutcome, now: number): TimedReport {
  return { startedAt: now - seconds * 1_000, due, answers };
}

/** Answers to the requests that were due from `from` to before `to`, both in milliseconds since 1970. */
export function answersBetween({ startedAt, answers }: TimedReport, from: number, to: number): PacedAnswer[] {
  return answers.filter(({ dueMs }) => startedAt + dueMs >= from && startedAt + dueMs < to);
}

/** Latencies of some answers. @throws Error when there are none */
export function stretchOf(answers: readonly PacedAnswer[]): Stretch {
  const latencies = latenciesOf(answers);
  if (!latencies) throw new Error('no request was due in a stretch of the load', { cause: 'load' });
  return { requests: answers.length, ...latencies };
}

/** Requests without an answer, or with one that says that it was not done. */
export function countFailed({ due, answers }: TimedReport): number {
  return due - answers.filter(({ status }) => isSuccess(status)).length;
}
