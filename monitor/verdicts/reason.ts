import type { Monitoring } from '../../core/manifest/manifest.js';
import type { SubjectProfile } from '../../core/reference/profile.js';
import { oddShares } from './cells.js';
import type { Comparison } from './compare.js';
import type { Judgement } from './judge.js';

/** What a reason is made of. */
export interface ReasonInput {
  subject: SubjectProfile;
  counts: ArrayLike<number>;
  rows: number;
  referenceRows: number;
  comparison: Comparison;
  judgement: Judgement;
  monitoring: Monitoring;
  /** False-alarm rate of each single test. */
  alpha: number;
}

/** Says in words, with its numbers, why a subject has its verdict. */
export function reasonOf(input: ReasonInput): string {
  const { subject, comparison, judgement, monitoring, alpha, rows, referenceRows } = input;
  const sizes = `at ${integer(rows)} of ${integer(referenceRows)} rows`;
  const band = `the ${percent(1 - alpha)} null band ${sizes}`;
  const parts = [
    against('PSI', comparison.psi, monitoring.psiThreshold, comparison.psiNullBand, band),
    comparison.ksStatistic !== null &&
      comparison.ksCriticalValue !== null &&
      against('KS', comparison.ksStatistic, monitoring.ksThreshold, comparison.ksCriticalValue, 'its critical value'),
    oddities(subject, input.counts),
    confirmation(judgement, monitoring),
  ];
  return `${subject.name}: ${parts.filter(Boolean).join('; ')}`;
}

/** Says why nothing can be said. */
export function insufficientReason(subject: string, rows: number, minimumRows: number): string {
  return `${subject}: ${integer(rows)} rows, at least ${integer(minimumRows)} are needed to decide`;
}

function against(name: string, value: number, threshold: number, limit: number, limitName: string): string {
  const effect = value >= threshold ? 'above' : 'below';
  const chance = value > limit ? 'above' : 'below';
  const joint = effect === chance ? 'and' : 'but';
  return `${name} ${three(value)}, ${effect} ${threshold} ${joint} ${chance} ${three(limit)}, ${limitName}`;
}

/** Missing values and unseen categories are named where their share moved by five points or more. */
function oddities(subject: SubjectProfile, counts: ArrayLike<number>): string | false {
  const now = oddShares(subject, counts);
  const then = oddShares(subject, subject.counts);
  const say = (what: 'missing' | 'unseen', words: string): string | false =>
    Math.abs(now[what] - then[what]) >= 0.05 &&
    `${percent(now[what])} ${words}, ${percent(then[what])} in the reference`;
  return [say('missing', 'missing'), say('unseen', 'in unseen categories')].filter(Boolean).join('; ') || false;
}

function confirmation({ exceededWindows, verdict }: Judgement, { confirm: [k, n] }: Monitoring): string | false {
  if (verdict === 'ok') return false;
  const needed = verdict === 'warning' ? `, ${k} are needed to confirm` : '';
  return `exceeded in ${exceededWindows} of the last ${n} windows${needed}`;
}

function three(value: number): string {
  return value.toPrecision(3);
}

function integer(value: number): string {
  return value.toLocaleString('en-US');
}

/** Up to two decimals, never rounded up to 100 from below. */
function percent(share: number): string {
  return `${Math.floor(share * 10_000 + 1e-6) / 100} %`;
}
