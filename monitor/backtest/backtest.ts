import type { Monitoring } from '../../core/manifest/manifest.js';
import type { ReferenceProfile } from '../../core/reference/profile.js';
import { type Cause, causeOf, isMoved } from '../verdicts/cause/cause.js';
import { createDecideInOrder } from '../verdicts/decide-in-order.js';
import type { SubjectVerdict, Verdict } from '../verdicts/verdict.js';
import { type BegunAlert, begunAlerts } from './begun-alerts.js';
import type { PastWindow } from './history.js';

/** A window of the past and what would have been decided on it. */
export interface BacktestWindow {
  /** Which of the configuration's windows it is one of. */
  windowName: string;
  label: string;
  /** Seconds since 1970, or rows of the file. */
  end: number;
  rows: number;
  verdict: Verdict;
  /** Null where nothing moved, and where the rows that would tell are gone. */
  cause: Cause | null;
  subjects: SubjectVerdict[];
}

/** What a configuration would have decided over a history. */
export interface Backtest {
  /** Of all windows that alert, in the order in which they end. */
  windows: BacktestWindow[];
  alerts: BegunAlert[];
}

/**
 * Decides a history by a configuration, window by window in order, by the monitor's own code.
 * @param history  of all windows that alert, in the order in which they end
 */
export async function runBacktest(
  profile: ReferenceProfile,
  monitoring: Monitoring,
  history: PastWindow[],
): Promise<Backtest> {
  const names = new Set(history.map(({ windowName }) => windowName));
  const decide = new Map([...names].map((name) => [name, createDecideInOrder(profile, monitoring)]));
  const windows: BacktestWindow[] = [];
  for (const past of history) {
    const { windowName, label, window, counts, reference } = past;
    const { verdict, subjects } = decide.get(windowName)!(window, counts, reference);
    const cause = await findCause(past, subjects);
    windows.push({ windowName, label, end: window.end, rows: window.rows, verdict, cause, subjects });
  }
  return { windows, alerts: begunAlerts(windows) };
}

/** As the monitor tells it. */
async function findCause(
  { counts, reference, sampleValues }: PastWindow,
  subjects: SubjectVerdict[],
): Promise<Cause | null> {
  const moved = subjects.filter((subject) => subject.kind === 'feature' && isMoved(subject));
  const values = await sampleValues(moved.map(({ subject }) => subject));
  return causeOf({ profile: reference.profile, counts, subjects, values });
}
