import type { Monitoring } from '../../core/manifest/manifest.js';
import { METHODS, type Method } from '../../core/manifest/methods.js';
import type { Judgement } from './judge.js';
import type { Effect } from './method-test.js';
import type { SubjectSettings } from './subject-monitoring.js';
import type { MethodResult } from './verdict.js';
import { integer, percent, three } from './words.js';

/** What a reason is made of. */
export interface ReasonInput {
  subject: string;
  rows: number;
  referenceRows: number;
  psi: number;
  psiNullBand: number;
  ksStatistic: number | null;
  ksCriticalValue: number | null;
  statistics: MethodResult[];
  judgement: Judgement;
  monitoring: Monitoring;
  settings: SubjectSettings;
  /** The p-value up to which a test of this window counts. */
  level: number;
}

/** Says in words, with its numbers, why a subject has its verdict. */
export function reasonOf(input: ReasonInput): string {
  const { subject, statistics, judgement, monitoring, settings, level, rows, referenceRows } = input;
  const sizes = `at ${integer(rows)} of ${integer(referenceRows)} rows`;
  const band = `the ${percent(1 - level)} null band ${sizes}`;
  const { psi, psiNullBand, ksStatistic, ksCriticalValue } = input;
  const parts = [
    against('PSI', psi, settings.psiThreshold, psiNullBand, band),
    ksStatistic !== null &&
      ksCriticalValue !== null &&
      against('KS', ksStatistic, settings.ksThreshold, ksCriticalValue, 'its critical value'),
    ...statistics.filter(({ method, exceeded }) => exceeded && method !== 'psi' && method !== 'ks').map(inWords),
    unwatched(settings),
    judgement.heldBy ? holding(judgement.heldBy, input) : confirmation(judgement, monitoring),
  ];
  return `${subject}: ${parts.filter(Boolean).join('; ')}`;
}

/** Says why nothing can be said of a subject that there is too little to compare with. */
export function notComparableReason(subject: string, referenceRows: number): string {
  return `${subject}: ${integer(referenceRows)} rows to compare with are too few`;
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

function inWords({ method, value, threshold, words }: MethodResult): string {
  return words ?? `${METHODS[method].measures} ${three(value)}, above ${threshold} and what chance gives`;
}

function unwatched({ methods }: SubjectSettings): string | false {
  const left = (['psi', 'ks'] satisfies Method[]).filter((method) => !methods.includes(method));
  if (methods.length === 0) return 'not watched: the manifest names no method for it';
  return left.length > 0 && `${left.map((method) => method.toUpperCase()).join(' and ')} shown only, not decided on`;
}

function confirmation(
  { exceeded, exceededWindows, verdict }: Judgement,
  { confirm: [k, n] }: Monitoring,
): string | false {
  if (verdict === 'ok') return false;
  const before = exceeded ? '' : 'not in this window, but ';
  const needed = verdict === 'warning' ? `, ${k} are needed to confirm` : '';
  return `${before}exceeded in ${exceededWindows} of the last ${n} windows${needed}`;
}

/** A drift clears below a part of the threshold, or within the null band: whichever of them is reached first from above. */
function holding({ method, value, threshold }: Effect, { monitoring, ...input }: ReasonInput): string {
  const part = threshold * monitoring.clearRatio;
  const bands: { [method in Method]?: number | null } = { psi: input.psiNullBand, ks: input.ksCriticalValue };
  const band = bands[method] ?? null;
  const name = band === null ? METHODS[method].measures : method.toUpperCase();
  const limit = band !== null && band > part ? three(band) : `${Number(three(part))}`;
  const chance = band === null ? ' and what chance gives' : '';
  return `the drift holds: ${name} ${three(value)} is still above ${limit}${chance}, where it clears`;
}
