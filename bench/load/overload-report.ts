import type { PacedOutcome } from './send-paced.js';
import { isSuccess, type Latencies, latenciesOf } from './summarise.js';

/** What a server did with more requests than it can answer. */
export interface OverloadReport {
  /** Requests that were due, and their rate. */
  due: number;
  seconds: number;
  /** Answers by status. */
  statuses: Record<number, number>;
  /** Requests whose connection was lost. */
  lost: number;
  /** Neither answered nor lost ten seconds after the last was due. */
  unanswered: number;
  /** Latencies of the answers with 2xx, and of the others; left out when there are none. */
  accepted?: Latencies | undefined;
  refused?: Latencies | undefined;
  /** 99th percentile of the accepted ones that were due in each third of the time; null when there are none. */
  thirdsP99Ms: (number | null)[];
  /** Connections open at the end. */
  connections: number;
}

/** Sums up an overload. */
export function overloadReport({ due, seconds, answers, lost, connections }: PacedOutcome): OverloadReport {
  const statuses: Record<number, number> = {};
  for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
  const accepted = answers.filter(({ status }) => isSuccess(status));
  const lastDueMs = answers.reduce((latest, { dueMs }) => Math.max(latest, dueMs), 0);
  const third = (dueMs: number): number => Math.min(2, Math.floor((3 * dueMs) / lastDueMs));
  return {
    due,
    seconds,
    statuses,
    lost: lost.length,
    unanswered: due - answers.length - lost.length,
    accepted: latenciesOf(accepted),
    thirdsP99Ms: [0, 1, 2].map((n) => latenciesOf(accepted.filter(({ dueMs }) => third(dueMs) === n))?.p99Ms ?? null),
    refused: latenciesOf(answers.filter(({ status }) => !isSuccess(status))),
    connections,
  };
}
