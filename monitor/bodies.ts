import type { RaisedAlert } from './alerts/decide-alerts.js';
import type { StoredWindow } from './verdicts/stored.js';
import type { SubjectVerdict } from './verdicts/verdict.js';

/** A decided window as the API answers it. */
export function windowBody(window: StoredWindow): Record<string, unknown> {
  return {
    model_version: window.modelVersion,
    window_name: window.windowName,
    segment: window.segment === '' ? null : window.segment,
    window_start: window.windowStart,
    window_end: window.windowEnd,
    row_count: window.rowCount,
    verdict: window.verdict,
    decided_at: window.decidedAt,
    cause: window.cause,
    subjects: window.subjects.map(subjectBody),
  };
}

function subjectBody(subject: SubjectVerdict): Record<string, unknown> {
  return {
    kind: subject.kind,
    subject: subject.subject,
    psi: subject.psi,
    psi_null_band: subject.psiNullBand,
    ks_statistic: subject.ksStatistic,
    ks_critical_value: subject.ksCriticalValue,
    statistics: subject.statistics.map(({ pValue, ...statistic }) => ({ ...statistic, p_value: pValue })),
    exceeded: subject.exceeded,
    verdict: subject.verdict,
    reason: subject.reason,
  };
}

/** An alert that the monitor raised, as the API answers it. */
export function alertBody(alert: RaisedAlert): Record<string, unknown> {
  return {
    fingerprint: alert.fingerprint,
    alert_name: alert.alertName,
    model_version: alert.modelVersion,
    status: alert.endsAt ? 'resolved' : 'firing',
    starts_at: alert.startsAt,
    ends_at: alert.endsAt,
    last_sent_at: alert.lastSentAt,
    annotations: alert.annotations,
  };
}
