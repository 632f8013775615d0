import type { Pool } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { loadBuckets, loadWindowCounts } from '../windows/buckets.js';
import { closedWindows } from '../windows/window.js';
import { causeOf, isMoved } from './cause/cause.js';
import { sampleValues } from './cause/sample-values.js';
import { decideWindow, type WindowDecision } from './decide-window.js';
import { monitoringOf } from './monitoring.js';
import { loadPast, storeDecision } from './stored.js';
import { loadReturnedAt, type Term, undecidedTerms } from './term.js';

/** What the windows of a version are decided from. Times are seconds since 1970. */
interface DecideOptions {
  pool: Pool;
  version: ModelVersion;
  bucketSeconds: number;
  windowRows: number | undefined;
  /** End of the newest decided window. */
  decidedUntil: number | undefined;
  /** Event time up to which rows are taken as complete. */
  closedUntil: number;
  clock: () => Date;
}

/** Decides and stores every window of a version that closed since the last decided one, in order. */
export async function decideWindows(options: DecideOptions): Promise<WindowDecision[]> {
  const { pool, version } = options;
  const returnedAt = await loadReturnedAt(pool, version);
  const decisions: WindowDecision[] = [];
  for (const term of undecidedTerms({ ...options, returnedAt, isChampion: version.state === 'champion' })) {
    decisions.push(...(await decideTerm(options, term)));
  }
  return decisions;
}

async function decideTerm(options: DecideOptions, term: Term): Promise<WindowDecision[]> {
  const { pool, version, bucketSeconds, clock } = options;
  const monitoring = monitoringOf(version.manifest, options.windowRows);
  const buckets = await loadBuckets(pool, version, { ...term, bucketSeconds });
  const until = term.over ? (buckets.at(-1)?.start ?? 0) + bucketSeconds : term.until;
  const windows = closedWindows({ spec: monitoring.window, buckets, bucketSeconds, from: term.from, until });
  const decisions: WindowDecision[] = [];
  for (const window of windows) {
    const counts = await loadWindowCounts(pool, version, window, { bucketSeconds });
    const count = Math.max(1, monitoring.confirm[1] - 1);
    const past = await loadPast(pool, version, { start: window.start, since: term.since, count });
    const profile = version.referenceProfile;
    const decision = decideWindow({ profile, monitoring, window, counts, past });
    const moved = decision.subjects.filter((subject) => subject.kind === 'feature' && isMoved(subject));
    const names = moved.map(({ subject }) => subject);
    const values = await sampleValues(pool, version, window, names);
    const cause = causeOf({ profile, counts, subjects: decision.subjects, values });
    await storeDecision(pool, version, { ...decision, cause }, clock());
    decisions.push(decision);
  }
  return decisions;
}
