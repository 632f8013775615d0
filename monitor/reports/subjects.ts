import type { SubjectProfile } from '../../core/reference/profile.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { distributionCells } from '../charts/cells.js';
import type { HistoryPoint } from '../charts/history-chart.js';
import { subjectKey } from '../verdicts/decide-window.js';
import { psiExcess } from '../verdicts/psi-excess.js';
import type { StoredWindow } from '../verdicts/stored.js';
import type { SubjectVerdict } from '../verdicts/verdict.js';
import type { CurrentWindow } from './current-window.js';
import type { SubjectReport } from './report.js';

/**
 * The subjects of one kind in a window, most drifted first; without a window as they are in the reference.
 * @param past  decided windows of the same series, newest first
 */
export function subjectReports(options: {
  kind: 'feature' | 'prediction';
  version: ModelVersion;
  current: CurrentWindow | undefined;
  past: StoredWindow[];
}): SubjectReport[] {
  const { kind, version, current, past } = options;
  const counts = new Map(current?.counts.map((c) => [subjectKey(c.kind, c.subject), c.counts]));
  const verdicts = byKey(current?.subjects ?? []);
  const histories = past.map((window) => ({ window, subjects: byKey(window.subjects) })).reverse();
  const { subjects } = current?.reference ?? version.referenceProfile;
  const reports = subjects
    .filter((subject) => subject.kind === kind)
    .map((subject): SubjectReport => {
      const key = subjectKey(kind, subject.name);
      const history = histories.flatMap(({ window, subjects: past }) => historyPoint(window, past.get(key)));
      return subjectReport({ subject, version, verdict: verdicts.get(key), counts: counts.get(key), history });
    });
  return reports.sort(mostDriftedFirst);
}

/**
 * One subject as it is in a window.
 * @param subject  of what the window is compared with
 * @param counts  over the frozen cells; undefined for no rows
 * @param history  oldest first
 */
export function subjectReport(options: {
  subject: SubjectProfile;
  version: Pick<ModelVersion, 'manifest'>;
  verdict: SubjectVerdict | undefined;
  counts: number[] | undefined;
  history: HistoryPoint[];
}): SubjectReport {
  const { subject, version, verdict, counts, history } = options;
  const { kind, name } = subject;
  const feature = kind === 'feature' ? version.manifest.features.find((f) => f.name === name) : undefined;
  return {
    kind,
    subject: name,
    unit: feature?.unit ?? null,
    psi: verdict?.psi ?? null,
    psi_null_band: verdict?.psiNullBand ?? null,
    ks_statistic: verdict?.ksStatistic ?? null,
    ks_critical_value: verdict?.ksCriticalValue ?? null,
    verdict: verdict?.verdict ?? 'insufficient-data',
    reason: verdict?.reason ?? `${name}: no rows yet`,
    distribution: distributionCells(subject, counts),
    history,
  };
}

function byKey(subjects: SubjectVerdict[]): Map<string, SubjectVerdict> {
  return new Map(subjects.map((subject) => [subjectKey(subject.kind, subject.subject), subject]));
}

function historyPoint(window: StoredWindow, subject: SubjectVerdict | undefined): HistoryPoint[] {
  if (!subject) return [];
  return [
    {
      window_start: window.windowStart.toISOString(),
      window_end: window.windowEnd.toISOString(),
      model_version: window.modelVersion,
      psi: subject.psi,
      psi_null_band: subject.psiNullBand,
      verdict: subject.verdict,
    },
  ];
}

const RANK = { drift: 0, warning: 1, ok: 2, 'insufficient-data': 3 };

/** By verdict, then by how far PSI is beyond its null band, then by name. */
function mostDriftedFirst(a: SubjectReport, b: SubjectReport): number {
  const excess = (subject: SubjectReport): number => psiExcess(subject.psi, subject.psi_null_band);
  return RANK[a.verdict] - RANK[b.verdict] || excess(b) - excess(a) || (a.subject < b.subject ? -1 : 1);
}
