import type { Monitoring } from '../../core/manifest/manifest.js';
import type { ReferenceProfile } from '../../core/reference/profile.js';
import { type Cause, causeOf } from '../verdicts/cause/cause.js';
import { createDecideInOrder } from '../verdicts/decide-in-order.js';
import type { SubjectVerdict, Verdict } from '../verdicts/verdict.js';
import type { PastWindow } from './history.js';

/** A window of the past and what would have been decided on it. */
export interface BacktestWindow {
  label: string;
  rows: number;
  verdict: Verdict;
  cause: Cause | null;
  subjects: SubjectVerdict[];
}

/** What a configuration would have decided over a history. */
export interface Backtest {
  windows: BacktestWindow[];
  /** How many alerts would have begun: windows in drift after one that was not. */
  alerts: number;
}

/** Decides a history by a configuration, window by window in order, by the monitor's own code. */
export function runBacktest(profile: ReferenceProfile, monitoring: Monitoring, history: PastWindow[]): Backtest {
  const decide = createDecideInOrder(profile, monitoring);
  const windows = history.map(({ label, window, counts, values }): BacktestWindow => {
    const { verdict, subjects } = decide(window, counts);
    return { label, rows: window.rows, verdict, cause: causeOf({ profile, counts, subjects, values }), subjects };
  });
  // As with the alerts themselves, a window with too few rows neither begins nor ends one.
  const decided = windows.filter(({ verdict }) => verdict !== 'insufficient-data');
  const alerts = decided.filter(({ verdict }, i) => verdict === 'drift' && decided[i - 1]?.verdict !== 'drift').length;
  return { windows, alerts };
}
