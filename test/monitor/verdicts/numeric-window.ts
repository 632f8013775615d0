import type { Monitoring } from '../../../core/manifest/manifest.js';
import { quantileEdges } from '../../../core/reference/edges.js';
import { countCells, type SubjectProfile } from '../../../core/reference/profile.js';
import { decideWindow, type WindowDecision } from '../../../monitor/verdicts/decide-window.js';
import { testManifest } from '../fixture.js';

/** The frozen cells and counts of one numeric feature. */
export function numericSubject(name: string, reference: number[]): SubjectProfile {
  const numbers = Float64Array.from(reference);
  const subject: SubjectProfile = { kind: 'feature', name, ...quantileEdges(numbers), counts: [] };
  return { ...subject, counts: Array.from(countCells(subject, { kind: 'feature', name, numbers })) };
}

/** Decides a window of numeric features against their subjects, in the same order. NaN is missing. */
export function decideNumbers(
  subjects: SubjectProfile[],
  current: number[][],
  thresholds: Partial<Monitoring> = {},
): WindowDecision {
  const rows = current[0]!.length;
  const counts = subjects.map((subject, i) => {
    const { name } = subject;
    const cells = countCells(subject, { kind: 'feature', name, numbers: Float64Array.from(current[i]!) });
    return { kind: 'feature' as const, subject: name, counts: Array.from(cells) };
  });
  const referenceRows = subjects[0]!.counts.reduce((sum, count) => sum + count, 0);
  return decideWindow({
    profile: { rows: referenceRows, subjects },
    monitoring: { ...testManifest('numbers').monitoring, ...thresholds },
    window: { start: 0, end: 60, rows },
    counts,
    past: new Map(),
  });
}
