import { DEFAULT_WINDOW } from '../../core/manifest/alerting-windows.js';
import { subjectKey } from './decide-window.js';
import type { StoredWindow } from './stored.js';
import type { SubjectVerdict, Verdict } from './verdict.js';

const ORDER: Verdict[] = ['drift', 'warning', 'ok', 'insufficient-data'];

/**
 * What several windows of one version say together: the window with the worst verdict, with every subject as it is in the
 * window that says the worst of it, and the cause where one looks like broken data. `default` goes before others that say
 * the same. The subjects are the very objects of their windows.
 * @returns undefined for no window
 */
export function worstOf(windows: StoredWindow[]): StoredWindow | undefined {
  const ordered = [...windows].sort(
    (a, b) => Number(b.windowName === DEFAULT_WINDOW) - Number(a.windowName === DEFAULT_WINDOW),
  );
  const [worst] = sortedByVerdict(ordered);
  if (!worst || windows.length === 1) return worst;
  const bySubject = new Map<string, SubjectVerdict[]>();
  for (const subject of ordered.flatMap((window) => window.subjects)) {
    const key = subjectKey(subject.kind, subject.subject);
    bySubject.set(key, [...(bySubject.get(key) ?? []), subject]);
  }
  const subjects = [...bySubject.values()].map((verdicts) => sortedByVerdict(verdicts)[0]!);
  const broken = ordered.find((window) => window.cause?.kind === 'broken-data');
  return { ...worst, subjects, cause: broken?.cause ?? worst.cause };
}

/** Worst first; those that are equally bad stay in their order. */
function sortedByVerdict<T extends { verdict: Verdict }>(items: T[]): T[] {
  return [...items].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
}
