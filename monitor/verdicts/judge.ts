import type { Monitoring } from '../../core/manifest/manifest.js';
import type { Effect, MethodTest } from './method-test.js';
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
  /** Of a drift that fewer than k windows confirm: the effect that keeps it, the furthest beyond its threshold's part. */
  heldBy?: Effect;
}

/**
 * Whether a window passes an effect size that matters AND what sampling alone would give, by any test.
 * @param level  p-value up to which a test counts, see `significanceLevel`
 * @param ratio  part of the thresholds that is asked for: 1 to set a drift, less to keep one
 */
export function exceeds(tests: MethodTest[], level: number, ratio = 1): boolean {
  return furthest(tests, level, ratio) !== undefined;
}

function furthest(tests: MethodTest[], level: number, ratio: number): Effect | undefined {
  const [first] = tests
    .filter(({ pValue }) => pValue <= level)
    .flatMap(({ effects }) => effects.filter(({ value, threshold }) => value >= threshold * ratio))
    .sort((a, b) => b.value / b.threshold - a.value / a.threshold);
  return first;
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
  if (exceededWindows >= k) return { exceeded, exceededWindows, verdict: 'drift' };
  const heldBy = past[0]?.verdict === 'drift' ? furthest(tests, level, monitoring.clearRatio) : undefined;
  if (heldBy) return { exceeded, exceededWindows, verdict: 'drift', heldBy };
  return { exceeded, exceededWindows, verdict: exceeded ? 'warning' : 'ok' };
}
