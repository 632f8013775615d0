import type { Queryable } from '../../core/postgres/pool.js';
import { ALL_ROWS } from '../../core/reference/segments.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { describeQuality } from '../quality/describe-quality.js';
import { loadRefusedRequests, type RefusedRequests } from '../quality/refused-requests.js';
import { loadWindowQuality } from '../quality/stored-quality.js';
import { loadQualityWindows, type WindowQuality } from '../quality/window-quality.js';
import type { CurrentWindow } from './current-window.js';

/** What is known of the quality of rows besides their counts over the frozen cells; undefined where it is not. */
export interface CurrentQuality {
  quality: WindowQuality | undefined;
  refused: RefusedRequests | undefined;
}

interface Span {
  start: number;
  end: number;
}

/** Loads it for a window; of segments, whose rows are told apart neither in it nor at the door, nothing is known. */
export async function loadCurrentQuality(
  db: Queryable,
  version: ModelVersion,
  options: {
    current: CurrentWindow | undefined;
    /** What was asked for; undefined for the newest decided window. */
    stretch: Span | undefined;
    windowName: string;
    segment: string;
  },
): Promise<CurrentQuality> {
  const { current, windowName, segment } = options;
  const span = current
    ? { start: current.start.getTime() / 1_000, end: current.end.getTime() / 1_000 }
    : options.stretch;
  if (segment !== ALL_ROWS || !span) return { quality: undefined, refused: undefined };
  // They are counted by model: of a stretch in which another version answered they say nothing of this one.
  const isOwn = version.state === 'champion' || !options.stretch;
  const refused = isOwn ? await loadRefusedRequests(db, version.modelName, span) : undefined;
  if (!current) return { quality: undefined, refused };
  const stored = current.decided ? await loadStored(db, version, windowName, span) : undefined;
  return { quality: stored ?? (await computeQuality(db, version, current, span)), refused };
}

async function loadStored(
  db: Queryable,
  { modelName, modelVersion }: ModelVersion,
  windowName: string,
  { start, end }: Span,
): Promise<WindowQuality | undefined> {
  const [newest] = await loadQualityWindows(db, { modelName, modelVersion, windowName, limit: 1 });
  const isSame = newest?.windowStart.getTime() === start * 1_000 && newest.windowEnd.getTime() === end * 1_000;
  return isSame ? newest : undefined;
}

async function computeQuality(
  db: Queryable,
  version: ModelVersion,
  { counts }: CurrentWindow,
  span: Span,
): Promise<WindowQuality> {
  const { manifest, referenceProfile: profile } = version;
  return describeQuality({ manifest, profile, counts, quality: await loadWindowQuality(db, version, span) });
}
