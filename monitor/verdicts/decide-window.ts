import type { Monitoring } from '../../core/manifest/manifest.js';
import { LEAST_REFERENCE_ROWS } from '../../core/reference/least-rows.js';
import type { ReferenceProfile, SubjectProfile } from '../../core/reference/profile.js';
import { ksCriticalValue } from '../statistics/ks-critical-value.js';
import { psiNullBand } from '../statistics/psi-null-band.js';
import type { SubjectCounts } from '../windows/buckets.js';
import type { Window } from '../windows/window.js';
import { sum } from './cells.js';
import { type Comparison, compare } from './compare.js';
import { significanceLevel } from './false-discoveries.js';
import { judge, type PastVerdict } from './judge.js';
import { insufficientReason, notComparableReason, reasonOf } from './reason.js';
import { type SubjectSettings, subjectMonitoring } from './subject-monitoring.js';
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

/** What a window is decided from. */
export interface DecideWindowInput {
  profile: ReferenceProfile;
  monitoring: Monitoring;
  window: Window;
  counts: SubjectCounts[];
  /** By `subjectKey`, the earlier windows with enough rows, newest first. */
  past: Map<string, PastVerdict[]>;
}

/**
 * Decides one window: compares every subject of the reference, draws one line of significance through all their tests
 * (`significanceLevel`: the manifest's alpha is the model's, not one feature's), and judges each subject by its effects,
 * that line and its past.
 */
export function decideWindow(input: DecideWindowInput): WindowDecision {
  const { profile, monitoring, window, past } = input;
  const counts = new Map(input.counts.map((c) => [subjectKey(c.kind, c.subject), c.counts]));
  const compared = profile.subjects.map((subject): Compared => {
    const settings = subjectMonitoring(monitoring, subject);
    const own = counts.get(subjectKey(subject.kind, subject.name));
    const referenceRows = sum(subject.counts);
    const enough = window.rows >= monitoring.minimumRows && own !== undefined && sum(own) > 0;
    const comparable = enough && referenceRows >= LEAST_REFERENCE_ROWS;
    return { subject, settings, referenceRows, comparison: comparable ? compare(subject, own, settings) : undefined };
  });
  const pValues = compared.flatMap(({ comparison }) => comparison?.tests.map(({ pValue }) => pValue) ?? []);
  const level = significanceLevel(pValues, monitoring.alpha);
  const subjects = compared.map((one) =>
    decideSubject(input, one, level, past.get(subjectKey(one.subject.kind, one.subject.name)) ?? []),
  );
  return { window, verdict: worstVerdict(subjects.map((subject) => subject.verdict)), subjects };
}

interface Compared {
  subject: SubjectProfile;
  settings: SubjectSettings;
  /** Rows of the reference that this subject is counted on; those of predictions may be others than those of features. */
  referenceRows: number;
  /** Undefined with too few rows. */
  comparison: Comparison | undefined;
}

function decideSubject(
  { monitoring, window }: DecideWindowInput,
  { subject, settings, referenceRows, comparison }: Compared,
  level: number,
  past: PastVerdict[],
): SubjectVerdict {
  const { rows } = window;
  const common = { kind: subject.kind, subject: subject.name, rows };
  if (!comparison) {
    const reason =
      rows >= monitoring.minimumRows && referenceRows < LEAST_REFERENCE_ROWS
        ? notComparableReason(subject.name, referenceRows)
        : insufficientReason(subject.name, rows, monitoring.minimumRows);
    return { ...common, ...NOTHING_COMPUTED, exceeded: false, verdict: 'insufficient-data', reason };
  }
  const { cells, order, tests } = comparison;
  const numbers = {
    psi: cells.psi,
    psiNullBand: psiNullBand({ ...cells, alpha: level }),
    ksStatistic: order?.ksStatistic ?? null,
    ksCriticalValue: order ? ksCriticalValue({ ...order, alpha: level }) : null,
    statistics: tests.flatMap(({ pValue, effects }) =>
      effects.map((effect) => ({ ...effect, pValue, exceeded: pValue <= level && effect.value >= effect.threshold })),
    ),
  };
  const judgement = judge(tests, level, monitoring, past);
  const { exceeded, verdict } = judgement;
  const facts = { ...numbers, subject: subject.name, rows, referenceRows, judgement, monitoring, settings, level };
  return { ...common, ...numbers, exceeded, verdict, reason: reasonOf(facts) };
}

const NOTHING_COMPUTED = {
  psi: null,
  psiNullBand: null,
  ksStatistic: null,
  ksCriticalValue: null,
  statistics: [],
};
