import { listed } from '../html/format.js';
import type { StretchPerformance } from '../performance/window-performance.js';
import type { StoredWindow } from '../verdicts/stored.js';
import { type Verdict, worstVerdict } from '../verdicts/verdict.js';
import type { CurrentWindow } from './current-window.js';
import { type ReportQuestion, reportHead } from './head.js';
import { labelShiftReport } from './label-shift.js';
import type { DataDriftReport, SubjectReport, TargetDriftReport } from './report.js';
import { subjectReports } from './subjects.js';

interface DriftInput extends ReportQuestion {
  current: CurrentWindow | undefined;
  /** Decided windows of the same series, newest first. */
  past: StoredWindow[];
}

/** The report on the inputs. */
export function dataDriftReport(input: DriftInput): DataDriftReport {
  const { current } = input;
  return { ...reportHead('data-drift', input, current), ...driftOf('feature', input), cause: current?.cause ?? null };
}

/**
 * The report on the answers, and on the outcomes.
 * @param performance  of the stretch that was asked for; of the newest decided windows of the series, newest first, where none was
 */
export function targetDriftReport(input: DriftInput & { performance: StretchPerformance[] }): TargetDriftReport {
  const { current, performance, version } = input;
  const shift = labelShiftReport(performance, version.manifest.monitoring.psiThreshold);
  return { ...reportHead('target-drift', input, current), ...driftOf('prediction', input), label_shift: shift };
}

type DriftPart = Pick<DataDriftReport, 'verdict' | 'headline' | 'psi_threshold' | 'ks_threshold' | 'subjects'>;

function driftOf(kind: 'feature' | 'prediction', input: DriftInput): DriftPart {
  const { version, current } = input;
  const subjects = subjectReports({ kind, ...input });
  const verdict = worstVerdict(subjects.map((subject) => subject.verdict));
  const { psiThreshold, ksThreshold } = version.manifest.monitoring;
  const what = kind === 'feature' ? 'features' : 'aspects of the predictions';
  const headline = driftHeadline(subjects, verdict, what, current);
  return { verdict, headline, psi_threshold: psiThreshold, ks_threshold: ksThreshold, subjects };
}

const MOST_NAMED = 4;

function driftHeadline(
  subjects: SubjectReport[],
  verdict: Verdict,
  what: string,
  current: CurrentWindow | undefined,
): string {
  if (!current) return 'There are no rows to compare with the reference yet.';
  const those = subjects.filter((subject) => subject.verdict === verdict).map((subject) => subject.subject);
  const named =
    those.length > MOST_NAMED ? [...those.slice(0, MOST_NAMED), `${those.length - MOST_NAMED} more`] : those;
  const share = `${those.length} of ${subjects.length} ${what}`;
  if (verdict === 'drift' && current.decided) return `Drift is confirmed in ${share}: ${listed(named)}.`;
  if (verdict === 'drift')
    return `In this window, taken by itself, ${share} differ from the reference: ${listed(named)}.`;
  if (verdict === 'warning') return `${share} exceeded in this window, not confirmed yet: ${listed(named)}.`;
  if (verdict === 'ok')
    return `No drift: all ${subjects.length} ${what} are as in the reference, as far as these rows can tell.`;
  return `${current.rows.toLocaleString('en-US')} rows are too few to decide.`;
}
