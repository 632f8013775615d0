import { expect, test } from 'vitest';
import type { BacktestWindow } from '../../../monitor/backtest/backtest.js';
import { alertsInWords, begunAlerts } from '../../../monitor/backtest/begun-alerts.js';
import type { SubjectVerdict, Verdict } from '../../../monitor/verdicts/verdict.js';

const VERDICTS: Record<string, Verdict> = { '.': 'ok', o: 'warning', '#': 'drift', ' ': 'insufficient-data' };

/** Windows of one feature and one prediction, a mark each, that end `length` apart. */
function marked(features: string, predictions: string, windowName = 'default', length = 1): BacktestWindow[] {
  const subject = (kind: SubjectVerdict['kind'], mark: string): SubjectVerdict => ({
    kind,
    subject: 'x',
    rows: 1,
    psi: null,
    psiNullBand: null,
    ksStatistic: null,
    ksCriticalValue: null,
    statistics: [],
    exceeded: mark === '#',
    verdict: VERDICTS[mark]!,
    reason: '',
  });
  return [...features].map((mark, i) => {
    const subjects = [subject('feature', mark), subject('prediction', predictions[i]!)];
    const end = (i + 1) * length;
    return { windowName, label: String(end), end, rows: 1, verdict: VERDICTS[mark]!, cause: null, subjects };
  });
}

const begun = (windows: BacktestWindow[]): string[] =>
  begunAlerts(windows).map(({ alertName, windowName, label }) => `${alertName} ${windowName} ${label}`);

test('each kind begins and ends on its own, whatever the other does', () => {
  expect(begun(marked('.##..#', '..###.'))).toEqual([
    'FeatureDrift default 2',
    'PredictionDrift default 3',
    'FeatureDrift default 6',
  ]);
});

test('a window with too few rows neither ends an alert nor begins one', () => {
  expect(begun(marked('# ## .', '. #  #'))).toEqual(['FeatureDrift default 1', 'PredictionDrift default 3']);
});

test('of several windows an alert fires while the newest of any is in drift', () => {
  const all = [...marked('.#.', '...', 'long', 2), ...marked('...#.#', '......')].sort((a, b) => a.end - b.end);
  // The long one holds it at 5, and the short one at 6, where both end and one run of the monitor decides them.
  expect(begun(all)).toEqual(['FeatureDrift default 4']);
});

test('in words, by kind', () => {
  expect(alertsInWords([])).toBe('0 alerts would have begun');
  expect(alertsInWords(begunAlerts(marked('#', '.')))).toBe('1 alert would have begun: FeatureDrift');
  expect(alertsInWords(begunAlerts(marked('#.#', '.#.')))).toBe(
    '3 alerts would have begun: 2 FeatureDrift, 1 PredictionDrift',
  );
});
