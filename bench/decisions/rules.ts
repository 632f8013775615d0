import { ksAsymptoticPValue } from '../../monitor/statistics/ks-asymptotic-p-value.js';
import type { WindowDecision } from '../../monitor/verdicts/decide-window.js';

/** The usual rules on the same windows, with the same numbers: whether any subject would have raised an alarm. */
export interface RuleAlarms {
  /** This system, the window alone. */
  window: boolean;
  /** This system, k of n windows. */
  confirmed: boolean;
  psi: boolean;
  ks: boolean;
}

/**
 * PSI > 0.2 over frozen deciles, and KS p < 0.05, on any subject. The KS distance is the one from counts, which is never
 * above the exact one: that favours the rule.
 */
export function alarmsOf({ subjects, verdict }: WindowDecision, referenceRows: number): RuleAlarms {
  return {
    window: subjects.some(({ exceeded }) => exceeded),
    confirmed: verdict === 'drift',
    psi: subjects.some(({ psi }) => psi !== null && psi > 0.2),
    ks: subjects.some(
      ({ ksStatistic, rows }) =>
        ksStatistic !== null && ksAsymptoticPValue({ statistic: ksStatistic, referenceRows, currentRows: rows }) < 0.05,
    ),
  };
}
