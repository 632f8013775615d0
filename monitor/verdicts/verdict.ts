import type { Effect } from './method-test.js';

/** The answer on a subject, or on a model, in one window. */
export type Verdict = 'ok' | 'warning' | 'drift' | 'insufficient-data';

/** All verdicts, mildest first; `insufficient-data` is no step of that order. */
export const VERDICTS: readonly Verdict[] = ['ok', 'warning', 'drift', 'insufficient-data'];

/** An effect by one method, with what was found of it. */
export interface MethodResult extends Effect {
  pValue: number;
  /** Effect and p-value both passed. */
  exceeded: boolean;
}

/** A subject's numbers in one window and what follows from them. What could not be computed is null, never 0. */
export interface SubjectVerdict {
  kind: 'feature' | 'prediction';
  subject: string;
  rows: number;
  psi: number | null;
  psiNullBand: number | null;
  ksStatistic: number | null;
  ksCriticalValue: number | null;
  /** Every effect that decides, in the order of the manifest's methods within a test; empty when nothing was computed. */
  statistics: MethodResult[];
  /** This window alone: effect size and null band both passed, by any method. */
  exceeded: boolean;
  verdict: Verdict;
  /** The verdict in words, with its numbers. */
  reason: string;
}

/** The worst of several verdicts; `insufficient-data` only when there is nothing else. */
export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  const present = new Set(verdicts);
  return (['drift', 'warning', 'ok'] as const).find((verdict) => present.has(verdict)) ?? 'insufficient-data';
}
