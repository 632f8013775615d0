import type { Monitoring } from '../../core/manifest/manifest.js';
import type { MethodTest } from './method-test.js';
import type { Verdict } from './verdict.js';

/** What an earlier window said of a subject. */
export interface PastVerdict {
  exceeded: boolean;
  verdict: Verdict;
}

/** What follows from a window and those before it. */
export interface Judgement {
  exceeded: boolean;
  /** Of the last n windows, this one included, how many exceeded. */
  exceededWindows: number;
  verdict: 'ok' | 'warning' | 'drift';
}

/**
 * Whether a window passes an effect size that matters AND what sampling alone would give, by any test.
 * @param level  p-value up to which a test counts, see `significanceLevel`
 * @param ratio  part of the thresholds that is asked for: 1 to set a drift, less to keep one
 */
export function exceeds(tests: MethodTest[], level: number, ratio = 1): boolean {
  return tests.some(
    ({ pValue, effects }) => pValue <= level && effects.some(({ value, threshold }) => value >= threshold * ratio),
  );
}

/**
 * Judges a subject by k of the last n windows: drift when k of them exceeded. Drift clears only in a window that stays
 * below `clearRatio` of the thresholds (or within the null band) and leaves fewer than k of n.
 * @param past  earlier windows that had enough rows, newest first; windows without are no evidence and are not counted
 */
export function judge(
  tests: MethodTest[],
  level: number,
  monitoring: Pick<Monitoring, 'confirm' | 'clearRatio'>,
  past: PastVerdict[],
): Judgement {
  const [k, n] = monitoring.confirm;
  const exceeded = exceeds(tests, level);
  const before = past.slice(0, n - 1).filter((window) => window.exceeded).length;
  const exceededWindows = before + (exceeded ? 1 : 0);
  const holds = past[0]?.verdict === 'drift' && exceeds(tests, level, monitoring.clearRatio);
  if (exceededWindows >= k || holds) return { exceeded, exceededWindows, verdict: 'drift' };
  return { exceeded, exceededWindows, verdict: exceeded ? 'warning' : 'ok' };
}
