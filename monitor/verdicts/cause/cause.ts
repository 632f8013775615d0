import type { ReferenceProfile } from '../../../core/reference/profile.js';
import { jensenShannonDistanceBase2 } from '../../statistics/jensen-shannon-distance-base2.js';
import type { SubjectCounts } from '../../windows/buckets.js';
import { pooledCells } from '../cells.js';
import { subjectKey } from '../decide-window.js';
import type { SubjectVerdict } from '../verdict.js';
import { three } from '../words.js';
import { type Signature, signatureOf } from './signature.js';

/** What one subject's change looks like, and how much it weighs. */
export interface SubjectCause {
  kind: 'feature' | 'prediction';
  subject: string;
  signature: Signature;
  words: string;
  /** Jensen-Shannon distance (base 2) from the reference, in [0, 1]. */
  moved: number;
  /** Share of the feature in what moves the model's answers; null where it is not known, and for predictions. */
  importance: number | null;
}

/** What the changes of a window look like together. */
export interface Cause {
  /** `broken-data` where any feature shows a sign of it. */
  kind: 'broken-data' | 'population';
  /** In words, with what weighs most first. */
  summary: string;
  /** Subjects that exceeded or are in drift; features first, by how much they moved times how much they move the output. */
  subjects: SubjectCause[];
}

/** What a cause is told from. `values`: samples of current values by feature name; an empty one where the rows are gone. */
export interface CauseInput {
  profile: ReferenceProfile;
  counts: SubjectCounts[];
  subjects: SubjectVerdict[];
  values: Map<string, Float64Array>;
}

/**
 * Says what the subjects that exceeded or are in drift look like; null where there is none, and where the counts show no
 * sign of broken data and the values of a feature that would show others, such as a change of unit, are gone.
 */
export function causeOf({ profile, counts, subjects, values }: CauseInput): Cause | null {
  const bySubject = new Map(counts.map((c) => [subjectKey(c.kind, c.subject), c.counts]));
  const causes = subjects.flatMap((verdict): SubjectCause[] => {
    const { kind, subject: name } = verdict;
    const subject = profile.subjects.find((s) => s.kind === kind && s.name === name);
    const own = bySubject.get(subjectKey(kind, name));
    if (!subject || !own || !isMoved(verdict)) return [];
    const { reference, current } = pooledCells(subject, own);
    const found = signatureOf({
      subject,
      counts: own,
      verdict,
      values: kind === 'feature' ? values.get(name) : undefined,
    });
    const moved = jensenShannonDistanceBase2(reference, current);
    return [{ kind, subject: name, ...found, moved, importance: subject.importance ?? null }];
  });
  if (causes.length === 0) return null;
  causes.sort((a, b) => Number(a.kind === 'prediction') - Number(b.kind === 'prediction') || weight(b) - weight(a));
  const broken = causes.filter(({ kind, signature }) => kind === 'feature' && signature !== 'population');
  if (broken.length > 0) {
    const details = broken.map(({ subject, words }) => `${subject}: ${words}`).join('; ');
    return { kind: 'broken-data', summary: `looks like broken data. ${details}`, subjects: causes };
  }
  const isGone = ({ kind, subject }: SubjectCause): boolean =>
    kind === 'feature' &&
    values.get(subject)?.length === 0 &&
    bySubject
      .get(subjectKey(kind, subject))!
      .slice(0, -1)
      .some((count) => count > 0);
  if (causes.some(isGone)) return null;
  return { kind: 'population', summary: `looks like a population that moved. ${ranking(causes)}`, subjects: causes };
}

/** Whether a subject is one that its window is explained by. */
export function isMoved({ exceeded, verdict }: Pick<SubjectVerdict, 'exceeded' | 'verdict'>): boolean {
  return exceeded || verdict === 'drift';
}

function weight({ moved, importance }: SubjectCause): number {
  return moved * (importance ?? 1);
}

function ranking(causes: SubjectCause[]): string {
  const features = causes.filter(({ kind }) => kind === 'feature');
  if (features.length === 0) {
    return `Only the predictions moved (${causes.map(({ subject }) => subject).join(', ')}), no single feature did`;
  }
  const first = features.slice(0, 3).map(({ subject, moved, importance }) => {
    const share = importance === null ? '' : `, ${Math.round(100 * importance)} % of what moves the answers`;
    return `${subject} (Jensen-Shannon distance ${three(moved)}${share})`;
  });
  const others = features.length > 3 ? ` and ${features.length - 3} more` : '';
  return `Most by ${first.join(', ')}${others}`;
}
