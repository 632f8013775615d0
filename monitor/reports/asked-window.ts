import { DEFAULT_WINDOW } from '../../core/manifest/alerting-windows.js';

/** Which window a report is about: the newest decided one of a name, or a stretch of event time in seconds since 1970. */
export type AskedWindow = { newestOf: string } | { from: number; until: number };

/** The newest window of `monitoring.window`. */
export const LATEST: AskedWindow = { newestOf: DEFAULT_WINDOW };

const UNIT_SECONDS: Record<string, number> = { m: 60, h: 3_600, d: 86_400 };

/** What `parseWindow` reads, for messages. */
export const WINDOW_FORMS =
  'latest, the name of one of monitoring.windows, a length up to now such as 90m, 24h or 7d, or two instants such as 2026-01-15T00:00Z/2026-01-16T00:00Z';

/**
 * Reads a window as a person writes it; two instants are a half-open interval. Without a zone an instant is in UTC.
 * @param names  of the model's further windows; one of them goes before a length that is written alike
 * @returns undefined when the text is none of the forms, or the interval is empty
 */
export function parseWindow(text: string, now: Date, names: string[] = []): AskedWindow | undefined {
  if (text === 'latest') return LATEST;
  if (names.includes(text)) return { newestOf: text };
  const length = /^([1-9]\d{0,4})([mhd])$/.exec(text);
  if (length) {
    const until = Math.floor(now.getTime() / 1_000);
    return { from: until - Number(length[1]) * UNIT_SECONDS[length[2]!]!, until };
  }
  const [from, until, ...rest] = text.split('/').map(parseInstant);
  if (from === undefined || until === undefined || rest.length > 0 || from >= until) return undefined;
  return { from, until };
}

/** A stretch of time with its ends moved outwards to those of buckets. Times are seconds since 1970. */
export function toBuckets(
  { from, until }: { from: number; until: number },
  bucketSeconds: number,
): { start: number; end: number } {
  return {
    start: Math.floor(from / bucketSeconds) * bucketSeconds,
    end: Math.ceil(until / bucketSeconds) * bucketSeconds,
  };
}

const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;

function parseInstant(text: string): number | undefined {
  if (!INSTANT.test(text)) return undefined;
  const zoned = text.includes('T') && !/(Z|[+-]\d\d:\d\d)$/.test(text) ? `${text}Z` : text;
  const milliseconds = Date.parse(zoned);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1_000;
}
