import type { Monitoring } from '../../core/manifest/manifest.js';
import type { Comparison } from './compare.js';
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
 * Whether a window passes an effect size that matters AND what sampling alone would give: by PSI and its null band, or
 * by the Kolmogorov-Smirnov distance and its critical value.
 */
export function exceeds(comparison: Comparison, monitoring: Monitoring): boolean {
  const { psi, psiNullBand, ksStatistic, ksCriticalValue } = comparison;
  const byPsi = psi >= monitoring.psiThreshold && psi > psiNullBand;
  const byKs =
    ksStatistic !== null &&
    ksCriticalValue !== null &&
    ksStatistic >= monitoring.ksThreshold &&
    ksStatistic > ksCriticalValue;
  return byPsi || byKs;
}

/**
 * Judges a subject by k of the last n windows: drift when k of them exceeded. Drift clears only in a window that does
 * not exceed itself and leaves fewer than k of n.
 * @param past  earlier windows that had enough rows, newest first; windows without are no evidence and are not counted
 */
export function judge(comparison: Comparison, monitoring: Monitoring, past: PastVerdict[]): Judgement {
  const [k, n] = monitoring.confirm;
  const exceeded = exceeds(comparison, monitoring);
  const before = past.slice(0, n - 1).filter((window) => window.exceeded).length;
  const exceededWindows = before + (exceeded ? 1 : 0);
  const holds = exceeded && past[0]?.verdict === 'drift';
  if (exceededWindows >= k || holds) return { exceeded, exceededWindows, verdict: 'drift' };
  return { exceeded, exceededWindows, verdict: exceeded ? 'warning' : 'ok' };
}
