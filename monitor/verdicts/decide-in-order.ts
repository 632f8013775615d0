import type { Monitoring } from '../../core/manifest/manifest.js';
import type { ReferenceProfile } from '../../core/reference/profile.js';
import type { SubjectCounts } from '../windows/buckets.js';
import type { Window } from '../windows/window.js';
import { subjectKey, type WindowDecision } from './decide-window.js';
import type { PastVerdict } from './judge.js';
import { decideAgainst, type WindowReferenceProfile } from './reference-of.js';

/**
 * Decides the windows of one model one after the other with their past kept in memory, as the monitor does with a stored
 * one: windows with too few rows are no past. Each is compared with `profile` unless another reference is given.
 */
export function createDecideInOrder(
  profile: ReferenceProfile,
  monitoring: Monitoring,
): (window: Window, counts: SubjectCounts[], reference?: WindowReferenceProfile) => WindowDecision {
  const past = new Map<string, PastVerdict[]>();
  const kept = Math.max(1, monitoring.confirm[1] - 1);
  return (window, counts, reference = { profile, enough: true }) => {
    const decision = decideAgainst(reference, { monitoring, window, counts, past });
    if (decision.verdict === 'insufficient-data') return decision;
    for (const { kind, subject, exceeded, verdict } of decision.subjects) {
      const key = subjectKey(kind, subject);
      past.set(key, [{ exceeded, verdict }, ...(past.get(key) ?? [])].slice(0, kept));
    }
    return decision;
  };
}
