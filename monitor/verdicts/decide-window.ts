import type { Monitoring } from '../../core/manifest/manifest.js';
import type { ReferenceProfile, SubjectProfile } from '../../core/reference/profile.js';
import type { SubjectCounts } from '../windows/buckets.js';
import type { Window } from '../windows/window.js';
import { compare, testCount } from './compare.js';
import { judge, type PastVerdict } from './judge.js';
import { insufficientReason, reasonOf } from './reason.js';
import { type SubjectVerdict, type Verdict, worstVerdict } from './verdict.js';

/** A window and what was decided on it. */
export interface WindowDecision {
  window: Window;
  /** The worst over all subjects. */
  verdict: Verdict;
  subjects: SubjectVerdict[];
}

/** Key of a subject in maps: features and predictions may share a name. */
export function subjectKey(kind: string, name: string): string {
  return `${kind}/${name}`;
}

/**
 * Decides one window: statistics and verdict of every subject of the reference. The manifest's alpha is shared out
 * evenly over all tests of the window (Bonferroni), so that it is the model's false-alarm rate, not one feature's.
 * @param past  by `subjectKey`, the earlier windows with enough rows, newest first
 */
export function decideWindow(options: {
  profile: ReferenceProfile;
  monitoring: Monitoring;
  window: Window;
  counts: SubjectCounts[];
  past: Map<string, PastVerdict[]>;
}): WindowDecision {
  const { profile, window, counts, past } = options;
  const alpha = options.monitoring.alpha / testCount(profile);
  const bySubject = new Map(counts.map((c) => [subjectKey(c.kind, c.subject), c.counts]));
  const subjects = profile.subjects.map((subject) => {
    const key = subjectKey(subject.kind, subject.name);
    return decideSubject({ ...options, subject, alpha, counts: bySubject.get(key), past: past.get(key) ?? [] });
  });
  return { window, verdict: worstVerdict(subjects.map((subject) => subject.verdict)), subjects };
}

function decideSubject(options: {
  profile: ReferenceProfile;
  monitoring: Monitoring;
  window: Window;
  subject: SubjectProfile;
  alpha: number;
  counts: number[] | undefined;
  past: PastVerdict[];
}): SubjectVerdict {
  const { profile, monitoring, window, subject, alpha, counts, past } = options;
  const { rows } = window;
  const common = { kind: subject.kind, subject: subject.name, rows };
  if (!counts || rows < monitoring.minimumRows) {
    const reason = insufficientReason(subject.name, rows, monitoring.minimumRows);
    return { ...common, ...NOTHING_COMPUTED, exceeded: false, verdict: 'insufficient-data', reason };
  }
  const comparison = compare(subject, counts, alpha);
  const judgement = judge(comparison, monitoring, past);
  const { exceeded, verdict } = judgement;
  const referenceRows = profile.rows;
  const reason = reasonOf({ subject, counts, rows, referenceRows, comparison, judgement, monitoring, alpha });
  return { ...common, ...comparison, exceeded, verdict, reason };
}

const NOTHING_COMPUTED = { psi: null, psiNullBand: null, ksStatistic: null, ksCriticalValue: null };
