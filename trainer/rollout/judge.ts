import type { RolloutPolicy, WatchPolicy } from '../../core/manifest/manifest.js';
import type { RolloutStage } from '../../core/registry/rollouts.js';
import { LEAST_CLUSTERS } from '../compare/checks.js';
import type { Comparison } from '../compare/compare.js';

/** What is known of a version that answers, beside another: the champion it may replace, or the one it replaced. */
export interface Evidence {
  /** Of its newest rows, how many it answered or failed on, and how many it failed on. */
  rows: number;
  failed: number;
  /** Medians over rows, in microseconds; null where there are fewer than `LEAST_LATENCY_ROWS`. */
  medianLatencyUs: number | null;
  otherMedianLatencyUs: number | null;
  /** Share of rows on which both say the same; null where not both answered. */
  agreementRate: number | null;
  /** Both on the labelled rows, the other in the champion's place; null where there are too few. */
  comparison: Comparison | null;
}

/** Fewer rows say nothing of a median. */
export const LEAST_LATENCY_ROWS = 200;
/** A difference below this is none, whatever the ratio. */
const LATENCY_TOLERANCE_US = 2_000;
/** Fewer failures are chance, or one bad request. */
const LEAST_FAILURES = 5;
/** Of the normal distribution, for a one-sided bound of 99.5 %: evidence is looked at many times. */
const Z = 2.576;

/** Why a version should not answer, in words; undefined where nothing is known against it. */
export function findFault(evidence: Evidence, watch: WatchPolicy): string | undefined {
  return errorFault(evidence, watch) ?? latencyFault(evidence, watch) ?? performanceFault(evidence);
}

/** What to do in a stage: withdraw on a fault, go on when it has the rows its policy asks for, else wait. */
export function judgeStage(
  stage: RolloutStage,
  evidence: Evidence,
  policy: RolloutPolicy,
  watch: WatchPolicy,
): { act: 'wait' | 'advance' | 'promote' | 'withdraw'; reason: string } {
  const fault = findFault(evidence, watch);
  if (fault !== undefined) return { act: 'withdraw', reason: fault };
  const wanted = stage === 'shadow' ? policy.shadowRows : policy.canaryRows;
  const rows = `${evidence.rows.toLocaleString('en')} of ${wanted.toLocaleString('en')} rows`;
  if (evidence.rows < wanted) return { act: 'wait', reason: rows };
  const reason = `${rows} as ${stage}, ${evidence.failed} failed${described(evidence)}`;
  return { act: stage === 'shadow' && policy.canaryShare > 0 ? 'advance' : 'promote', reason };
}

function errorFault({ rows, failed }: Evidence, { maximumErrorShare }: WatchPolicy): string | undefined {
  if (failed < LEAST_FAILURES || wilsonLowerBound(failed, rows) <= maximumErrorShare) return undefined;
  return `it fails on ${failed} of ${rows} rows, at most a share of ${maximumErrorShare} is allowed`;
}

function latencyFault(evidence: Evidence, { maximumLatencyRatio }: WatchPolicy): string | undefined {
  const { medianLatencyUs: own, otherMedianLatencyUs: other } = evidence;
  if (own === null || other === null) return undefined;
  if (own <= maximumLatencyRatio * other || own - other <= LATENCY_TOLERANCE_US) return undefined;
  return `its median latency is ${Math.round(own)} µs against ${Math.round(other)} µs, at most ${maximumLatencyRatio} times as long is allowed`;
}

function performanceFault({ comparison }: Evidence): string | undefined {
  if (!comparison || comparison.clusters < LEAST_CLUSTERS || !(comparison.interval.high < 0)) return undefined;
  const { metric, challenger, champion, interval, rows } = comparison;
  const show = (value: number): string => Number(value.toPrecision(3)).toString();
  return `on ${rows} labelled rows its ${metric} is ${show(challenger)} against ${show(champion)}: the interval of the improvement, ${show(interval.low)} to ${show(interval.high)}, lies below 0`;
}

function described({ agreementRate, comparison }: Evidence): string {
  const agreement = agreementRate === null ? '' : `, the same answer on ${(agreementRate * 100).toFixed(1)} %`;
  if (!comparison) return agreement;
  return `${agreement}, ${comparison.metric} ${Number(comparison.challenger.toPrecision(3))} against ${Number(comparison.champion.toPrecision(3))} on ${comparison.rows} labelled rows`;
}

/** Lower end of the score interval of a share (Wilson 1927), one-sided at 99.5 %; `of` >= 1. */
function wilsonLowerBound(count: number, of: number): number {
  const share = count / of;
  const centre = share + (Z * Z) / (2 * of);
  const spread = Z * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  return (centre - spread) / (1 + (Z * Z) / of);
}
