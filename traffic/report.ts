import type { ScenarioTruth } from './scenarios/scenario.js';
import { type Counts, sumOf, type Tally } from './tally.js';

/** The scenario that was sent, with its truth. */
export interface ScenarioReport {
  name: string;
  feature: string | null;
  magnitude: number;
  startAfter: number;
  ramp: number;
  truth: ScenarioTruth;
}

/** What `--report` holds, as JSON. Rows: sent = acknowledged + refused + failed. */
export interface TrafficReport {
  url: string;
  model: string;
  seed: number;
  scenario: ScenarioReport;
  sent: number;
  acknowledged: number;
  refused: number;
  refusedByStatus: Counts;
  failed: number;
  failedByReason: Counts;
  /** Acknowledged rows by `model/version`. */
  versions: Counts;
  /** Requests tried again after a 429 or 503. */
  retries: number;
  outcomesSent: number;
  outcomesRefused: number;
  outcomesRefusedByStatus: Counts;
  outcomesFailed: number;
  outcomesFailedByReason: Counts;
  /** Outcomes whose time had not come when the run was ended. */
  outcomesNotDue: number;
  /** Of acknowledged requests; null when there were none. */
  latencyMs: { p50: number | null; p99: number | null };
  /** First and last acknowledgement, RFC 3339. */
  firstAt: string | null;
  lastAt: string | null;
  /** Acknowledged rows a second between the two. */
  rowsPerSecond: number | null;
}

/** Puts a tally into the form of the report. */
export function createReport(
  tally: Tally,
  run: Pick<TrafficReport, 'url' | 'model' | 'seed' | 'scenario' | 'outcomesNotDue'>,
): TrafficReport {
  const { latency, firstAt, lastAt, ...counts } = tally;
  const time = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
  const seconds = firstAt !== null && lastAt !== null ? (lastAt - firstAt) / 1000 : 0;
  return {
    ...run,
    ...counts,
    refused: sumOf(tally.refusedByStatus),
    failed: sumOf(tally.failedByReason),
    outcomesRefused: sumOf(tally.outcomesRefusedByStatus),
    outcomesFailed: sumOf(tally.outcomesFailedByReason),
    latencyMs: { p50: latency.quantile(0.5), p99: latency.quantile(0.99) },
    firstAt: time(firstAt),
    lastAt: time(lastAt),
    rowsPerSecond: seconds > 0 ? Math.round((tally.acknowledged / seconds) * 10) / 10 : null,
  };
}

/** The report for a person, a few lines. */
export function formatReport(report: TrafficReport): string {
  const counts = (total: number, by: Counts): string =>
    total === 0
      ? '0'
      : `${total} (${Object.entries(by)
          .map(([name, count]) => `${name}: ${count}`)
          .join(', ')})`;
  const { latencyMs, scenario } = report;
  const rate = report.rowsPerSecond === null ? '' : `, ${report.rowsPerSecond} rows/s`;
  const latency = latencyMs.p50 === null ? 'none' : `p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms${rate}`;
  return [
    `rows       sent ${report.sent}, acknowledged ${report.acknowledged}, refused ${counts(report.refused, report.refusedByStatus)}, failed ${counts(report.failed, report.failedByReason)}, requests tried again ${report.retries}`,
    `outcomes   sent ${report.outcomesSent}, refused ${counts(report.outcomesRefused, report.outcomesRefusedByStatus)}, failed ${counts(report.outcomesFailed, report.outcomesFailedByReason)}, not yet due ${report.outcomesNotDue}`,
    `answered   ${counts(report.acknowledged, report.versions)}`,
    `latency    ${latency}`,
    `scenario   ${scenario.name}: ${scenario.truth.description}`,
  ].join('\n');
}
