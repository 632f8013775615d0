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
  /** Of each request in milliseconds, to hundredths, ascending: stretches are put together by them. */
  latenciesMs: number[];
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
export function stretchOf(answers: readonly Pick<PacedAnswer, 'latencyMs'>[]): Stretch {
  const latencies = latenciesOf(answers);
  if (!latencies) throw new Error('no request was due in a stretch of the load', { cause: 'load' });
  const latenciesMs = answers.map(({ latencyMs }) => Math.round(latencyMs * 100) / 100).sort((a, b) => a - b);
  return { requests: answers.length, ...latencies, latenciesMs };
}

/** Stretches as one. */
export function joinStretches(stretches: readonly Stretch[]): Stretch {
  return stretchOf(stretches.flatMap(({ latenciesMs }) => latenciesMs.map((latencyMs) => ({ latencyMs }))));
}

/** Requests without an answer, or with one that says that it was not done. */
export function countFailed({ due, answers }: TimedReport): number {
  return due - answers.filter(({ status }) => isSuccess(status)).length;
}
