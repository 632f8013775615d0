import { ALERT_NAMES } from '../alerts/annotations.js';
import { worstVerdict } from '../verdicts/verdict.js';
import type { BacktestWindow } from './backtest.js';

/** An alert that would have begun, and the window that said so. */
export interface BegunAlert extends Pick<BacktestWindow, 'windowName' | 'label'> {
  alertName: (typeof ALERT_NAMES)[keyof typeof ALERT_NAMES];
}

/**
 * The alerts on drift that would have begun, as the monitor raises them: each kind on its own, with drift in the newest
 * window of any length; none ends, and so none begins anew, while the newest windows have too few rows to decide.
 * @param windows  in the order in which they end
 */
export function begunAlerts(windows: BacktestWindow[]): BegunAlert[] {
  const newest = new Map<string, BacktestWindow>();
  const firing = new Set<string>();
  const begun: BegunAlert[] = [];
  windows.forEach((window, i) => {
    newest.set(window.windowName, window);
    // Windows that end together are decided by one run of the monitor.
    if (windows[i + 1]?.end === window.end) return;
    for (const kind of ['feature', 'prediction'] as const) {
      const verdictOf = ({ subjects }: BacktestWindow) =>
        worstVerdict(subjects.filter((subject) => subject.kind === kind).map(({ verdict }) => verdict));
      const drifted = [...newest.values()].find((one) => verdictOf(one) === 'drift');
      if (!drifted) {
        if (worstVerdict([...newest.values()].map(verdictOf)) !== 'insufficient-data') firing.delete(kind);
      } else if (!firing.has(kind)) {
        firing.add(kind);
        begun.push({ alertName: ALERT_NAMES[kind], windowName: drifted.windowName, label: drifted.label });
      }
    }
  });
  return begun;
}

/** How many alerts would have begun, of which kind. */
export function alertsInWords(alerts: BegunAlert[]): string {
  const kinds = [...new Set(alerts.map(({ alertName }) => alertName))].map((kind) => {
    const count = alerts.filter(({ alertName }) => alertName === kind).length;
    return alerts.length === 1 ? kind : `${count} ${kind}`;
  });
  const head = `${alerts.length} ${alerts.length === 1 ? 'alert' : 'alerts'} would have begun`;
  return kinds.length > 0 ? `${head}: ${kinds.join(', ')}` : head;
}
