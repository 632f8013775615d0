import type { RetrainingLimits } from '../../core/manifest/manifest.js';
import { retrainingLimits } from '../../core/manifest/retraining-limits.js';
import type { EvaluatedComparison } from './evaluate.js';

/** Fewer distinct feature vectors than this say nothing sure; see `decide`. */
export const LEAST_CLUSTERS = 30;

/** One thing besides the metric that speaks for or against a challenger. */
export interface Check {
  name: 'segments' | 'calibration' | 'latency' | 'size' | 'reference';
  passed: boolean;
  /** What becomes of a challenger that does not pass though its metric is better. */
  otherwise: 'keep' | 'ask';
  words: string;
}

/** What `checkComparison` looks at; what an earlier build did not measure is not checked. */
export type Checked = Pick<EvaluatedComparison, 'metric'> &
  Partial<
    Pick<
      EvaluatedComparison,
      | 'segments'
      | 'calibration'
      | 'championMicrosecondsPerRow'
      | 'challengerMicrosecondsPerRow'
      | 'challengerBytes'
      | 'reference'
    >
  >;

/** Holds a challenger against the margins and budgets of the manifest, in the order of `Check.name`. */
export function checkComparison(comparison: Checked, retraining: RetrainingLimits): Check[] {
  const limits = retrainingLimits(retraining);
  return [
    checkSegments(comparison, limits.segmentMargin),
    checkCalibration(comparison, limits.calibrationMargin),
    checkLatency(comparison, limits.maximumMicroseconds),
    checkSize(comparison, limits.maximumModelBytes),
    checkReference(comparison),
  ].filter((check) => check !== undefined);
}

/** Worse for sure (the whole interval lies below 0) and by more than the margin: a few rows that happen to be bad veto nothing. */
function checkSegments({ segments, metric }: Checked, margin: number): Check | undefined {
  if (!segments || segments.length === 0) return undefined;
  const worse = segments.filter(
    ({ clusters, improvement, interval, champion }) =>
      clusters >= LEAST_CLUSTERS && interval.high < 0 && -improvement > margin * Math.abs(champion),
  );
  const details = worse.map(
    ({ segment, champion, challenger, rows }) =>
      `${metric} on ${segment} is ${three(challenger)} against ${three(champion)} (${rows} rows)`,
  );
  const words =
    worse.length > 0
      ? `${details.join(', ')}: worse by more than ${margin * 100} %`
      : `none of ${segments.length} segments is surely worse by more than ${margin * 100} %`;
  return { name: 'segments', passed: worse.length === 0, otherwise: 'keep', words };
}

function checkCalibration({ calibration }: Checked, margin: number): Check | undefined {
  if (!calibration) return undefined;
  const { champion, challenger } = calibration;
  const words = `expected calibration error ${three(challenger)} against ${three(champion)}, at most ${margin} more is allowed`;
  return { name: 'calibration', passed: challenger - champion <= margin, otherwise: 'ask', words };
}

function checkLatency(comparison: Checked, limit: number): Check | undefined {
  const { championMicrosecondsPerRow: champion, challengerMicrosecondsPerRow: challenger } = comparison;
  if (challenger === undefined || champion === undefined) return undefined;
  const bound = limit === Number.POSITIVE_INFINITY ? '' : `, at most ${limit} are allowed`;
  const words = `${challenger.toFixed(1)} µs a row against ${champion.toFixed(1)}${bound}`;
  return { name: 'latency', passed: challenger <= limit, otherwise: 'keep', words };
}

function checkSize({ challengerBytes }: Checked, limit: number): Check | undefined {
  if (challengerBytes === undefined) return undefined;
  const show = (bytes: number): string => `${bytes.toLocaleString('en')} bytes`;
  const words = `the model has ${show(challengerBytes)}, at most ${show(limit)} are allowed`;
  return { name: 'size', passed: challengerBytes <= limit, otherwise: 'keep', words };
}

/** A model that says one thing to all reference rows has learned nothing, however well that does on the held-out ones. */
function checkReference({ reference, metric }: Checked): Check | undefined {
  if (!reference) return undefined;
  const { rows, champion, challenger, distinctAnswers } = reference;
  const words = `${distinctAnswers} different answers to ${rows} reference rows, ${metric} on them ${three(challenger)} against ${three(champion)}`;
  return { name: 'reference', passed: distinctAnswers > 1, otherwise: 'keep', words };
}

function three(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
