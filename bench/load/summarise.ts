import { atRank } from '../median.js';
import type { LoadReport } from './parse-wrk.js';
import type { PacedAnswer, PacedOutcome } from './send-paced.js';

/** A load that every request of was to be answered, as wrk would report it. @throws Error when some were not */
export function summarisePaced({ due, seconds, answers, lost }: PacedOutcome): LoadReport {
  if (answers.length < due) {
    const reason = lost[0] ?? 'the rest took too long';
    throw new Error(`${answers.length} of ${due} requests were answered: ${reason}`, { cause: 'load' });
  }
  const { p50Ms, p99Ms, maxMs } = latenciesOf(answers)!;
  const refused = answers.filter(({ status }) => !isSuccess(status)).length;
  return { requests: due, requestsPerSecond: due / seconds, p50Ms, p99Ms, maxMs, refused, socketErrors: 0 };
}

/** Latencies of some answers. */
export type Latencies = Pick<LoadReport, 'p50Ms' | 'p99Ms' | 'maxMs'>;

/** Median, 99th percentile and greatest latency; undefined when there are no answers. */
export function latenciesOf(answers: readonly Pick<PacedAnswer, 'latencyMs'>[]): Latencies | undefined {
  const sorted = Float64Array.from(answers, ({ latencyMs }) => latencyMs).sort();
  if (sorted.length === 0) return undefined;
  return { p50Ms: atRank(sorted, 0.5), p99Ms: atRank(sorted, 0.99), maxMs: sorted[sorted.length - 1]! };
}

/** Whether a status says that the request was done. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}
