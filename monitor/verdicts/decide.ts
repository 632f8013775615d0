import type { Monitoring } from '../../core/manifest/manifest.js';
import type { Pool } from '../../core/postgres/pool.js';
import { ALL_ROWS, segmentNames } from '../../core/reference/segments.js';
import { loadReturnedAt } from '../../core/registry/term.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { loadBuckets, loadDecidedUntil, loadWindowCounts } from '../windows/buckets.js';
import { type NamedWindow, namedWindows } from '../windows/named-windows.js';
import { closedWindows, type Window } from '../windows/window.js';
import { causeOf, isMoved } from './cause/cause.js';
import { sampleValues } from './cause/sample-values.js';
import type { WindowDecision } from './decide-window.js';
import { monitoringOf } from './monitoring.js';
import { decideAgainst, loadReferenceOf } from './reference-of.js';
import { loadPast, type Series, storeDecision } from './stored.js';
import { type Term, undecidedTerms } from './term.js';

/** What the windows of a version are decided from. Times are seconds since 1970. */
interface DecideOptions {
  pool: Pool;
  version: ModelVersion;
  bucketSeconds: number;
  windowRows: number | undefined;
  /** Event time up to which rows are taken as complete. */
  closedUntil: number;
  clock: () => Date;
}

/** A decision and the series of windows it belongs to. */
export type SeriesDecision = WindowDecision & Series;

/** A window of one of the model's series, about to be decided. */
interface Task extends DecideOptions {
  monitoring: Monitoring;
  named: NamedWindow;
  /** When the version returned for the term that the window lies in. */
  since: number | undefined;
}

/**
 * Decides and stores every window of a version, of every name and segment, that closed since the last decided one of its
 * name, in order.
 */
export async function decideWindows(options: DecideOptions): Promise<SeriesDecision[]> {
  const { pool, version } = options;
  const monitoring = monitoringOf(version.manifest, options.windowRows);
  const returnedAt = await loadReturnedAt(pool, version);
  const decisions: SeriesDecision[] = [];
  for (const named of namedWindows(monitoring)) {
    const decidedUntil = await loadDecidedUntil(pool, version, named.name);
    const isChampion = version.state === 'champion';
    for (const term of undecidedTerms({ ...options, decidedUntil, returnedAt, isChampion })) {
      decisions.push(...(await decideTerm({ ...options, monitoring, named, since: term.since }, term)));
    }
  }
  return decisions;
}

async function decideTerm(task: Task, term: Term): Promise<SeriesDecision[]> {
  const { pool, version, bucketSeconds, named } = task;
  const buckets = await loadBuckets(pool, version, { ...term, bucketSeconds });
  const until = term.over ? (buckets.at(-1)?.start ?? 0) + bucketSeconds : term.until;
  const windows = closedWindows({ spec: named.spec, buckets, bucketSeconds, from: term.from, until });
  const decisions: SeriesDecision[] = [];
  for (const window of windows) {
    // All rows last: once they are decided, the window is done.
    for (const segment of segmentNames(version.manifest).reverse()) {
      decisions.push(await decideSegment(task, window, segment));
    }
  }
  return decisions;
}

async function decideSegment(task: Task, whole: Window, segment: string): Promise<SeriesDecision> {
  const { pool, version, bucketSeconds, monitoring, named, since } = task;
  const series = { windowName: named.name, segment };
  const counts = await loadWindowCounts(pool, version, whole, { bucketSeconds, segment });
  // Every subject counts every row.
  const window = { ...whole, rows: counts[0]?.counts.reduce((sum, count) => sum + count, 0) ?? 0 };
  const count = Math.max(1, monitoring.confirm[1] - 1);
  const past = await loadPast(pool, version, { start: window.start, since, count }, series);
  const reference = await loadReferenceOf({ ...task, db: pool }, window, segment);
  const decision = decideAgainst(reference, { monitoring, window, counts, past });
  const cause = await findCause(task, series, decision, { counts, profile: reference.profile });
  await storeDecision(pool, version, { ...decision, cause }, task.clock(), series);
  return { ...decision, ...series };
}

/** Only of the windows that alert: telling a cause reads raw rows. */
async function findCause(
  { pool, version, named }: Task,
  { segment }: Series,
  { window, subjects }: WindowDecision,
  compared: Pick<Parameters<typeof causeOf>[0], 'counts' | 'profile'>,
): Promise<ReturnType<typeof causeOf>> {
  if (!named.alerts || segment !== ALL_ROWS) return null;
  const moved = subjects.filter((subject) => subject.kind === 'feature' && isMoved(subject));
  const names = moved.map(({ subject }) => subject);
  const values = await sampleValues(pool, version, window, names);
  return causeOf({ ...compared, subjects, values });
}
