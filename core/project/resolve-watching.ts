import type { CsvTable } from '../csv.js';
import { DEFAULT_WINDOW } from '../manifest/alerting-windows.js';
import type { Feature, Monitoring, SegmentSpec } from '../manifest/manifest.js';
import type { WindowSpec } from '../manifest/monitoring-schema.js';
import type { ManifestSource } from '../manifest/schema.js';
import type { Problem } from '../problems.js';
import type { LocateField } from './resolve.js';

type WatchingSource = NonNullable<ManifestSource['monitoring']>;
/** Takes what is wrong with a key of `monitoring`, or with one of its items. */
export type Say = (message: string, key: string, index?: number) => void;

const DEFAULT_MINUTES = 60;
const MOST_FREQUENT = 10;

/** Fills in the windows and segments of a manifest. Adds what cannot be to `problems`. */
export function resolveWatching(
  source: ManifestSource,
  features: Feature[],
  reference: CsvTable,
  problems: Problem[],
  locate: LocateField,
): Pick<Monitoring, 'window' | 'windows' | 'segments'> {
  const { segments } = source.monitoring ?? {};
  const say: Say = (message, key, index) =>
    problems.push({
      where: locate('monitoring', key, ...(index === undefined ? [] : [index])),
      message: `monitoring.${key}: ${message}`,
    });
  return {
    ...resolveLengths(source.monitoring, say),
    ...(segments && { segments: segments.map((s, i) => resolveSegment(s, features, reference, i, say)) }),
  };
}

/** Fills in the windows alone, which ask nothing of features or rows. Tells what cannot be. */
export function resolveLengths(
  { window, windows }: WatchingSource = {},
  say: Say,
): Pick<Monitoring, 'window' | 'windows'> {
  return {
    window: resolveSpec(window ?? { minutes: DEFAULT_MINUTES }, (message) => say(message, 'window')),
    ...(windows && { windows: resolveWindows(windows, say) }),
  };
}

function resolveWindows(windows: NonNullable<WatchingSource['windows']>, say: Say): NonNullable<Monitoring['windows']> {
  const names = [DEFAULT_WINDOW];
  return windows.map(({ name, compareWith, alerts, ...length }, i) => {
    const sayHere = (message: string): void => say(message, 'windows', i);
    if (names.includes(name)) sayHere(`the name "${name}" is taken; write another`);
    names.push(name);
    const spec = resolveSpec(length, sayHere, compareWith !== undefined);
    const own = { name, ...spec, ...(alerts && { alerts }) };
    if (!compareWith) return own;
    const recurs = 'minutes' in spec ? 1_440 % spec.minutes === 0 : 'calendar' in spec && spec.calendar === 'day';
    if (!recurs) sayHere('compareWith needs minutes that divide a day, or calendar: day');
    return { ...own, compareWith, timeZone: length.timeZone ?? 'UTC' };
  });
}

function resolveSpec(
  window: NonNullable<WatchingSource['window']>,
  say: (message: string) => void,
  compared = false,
): WindowSpec {
  const { rows, minutes, calendar, timeZone = 'UTC' } = window;
  if ([rows, minutes, calendar].filter((length) => length !== undefined).length !== 1) {
    say('write exactly one of rows, minutes and calendar');
  }
  if (calendar === undefined && !compared && window.timeZone !== undefined) {
    say('timeZone goes with calendar or compareWith; remove it');
  }
  if (!isTimeZone(timeZone)) say(`"${timeZone}" is no time zone; write a name such as Europe/Berlin`);
  if (calendar !== undefined) return { calendar, timeZone };
  return rows !== undefined ? { rows } : { minutes: minutes ?? DEFAULT_MINUTES };
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

function resolveSegment(
  segment: NonNullable<WatchingSource['segments']>[number],
  features: Feature[],
  reference: CsvTable,
  index: number,
  say: Say,
): SegmentSpec {
  const { feature: name, values, edges } = segment;
  const feature = features.find((f) => f.name === name);
  if (!feature) say(`there is no feature "${name}"`, 'segments', index);
  if (feature?.type === 'numeric') {
    if (!edges || values) say(`"${name}" is numeric: give edges, not values`, 'segments', index);
    if (edges?.some((edge, i) => i > 0 && edge <= edges[i - 1]!)) say('edges must ascend', 'segments', index);
    return { feature: name, edges: edges ?? [] };
  }
  if (edges) say(`"${name}" is not numeric: give values, not edges`, 'segments', index);
  if (feature?.type === 'boolean') return { feature: name, values: ['false', 'true'] };
  const unknown = values?.find((value) => feature && !feature.categories.includes(value));
  if (unknown !== undefined) say(`"${unknown}" is not a category of "${name}"`, 'segments', index);
  return { feature: name, values: values ?? mostFrequent(reference, feature?.from?.of[0] ?? name) };
}

/** The most frequent categories of a column, ties in the order of the text. */
function mostFrequent(reference: CsvTable, column: string): string[] {
  const counts = new Map<string, number>();
  for (const row of reference.rows) {
    const text = row[column] ?? '';
    if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const ordered = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return ordered.slice(0, MOST_FREQUENT).map(([text]) => text);
}
