import type { Monitoring } from '../../core/manifest/manifest.js';
import type { WindowSpec } from '../../core/manifest/schema.js';

/** What a window is compared with: the frozen reference, or the same window some calendar days before. */
export type WindowReference = 'frozen' | 'day-before' | 'week-before';

/** One of the windows a model is watched by. */
export interface NamedWindow {
  /** `default` is `monitoring.window`: the one that metrics show and that alerts. */
  name: string;
  spec: WindowSpec;
  reference: WindowReference;
  /** Whose clock tells the same time of another day. */
  timeZone: string;
}

/** Name of the window that alerts. */
export const DEFAULT_WINDOW = 'default';

/** All windows of a model, the one that alerts first. */
export function namedWindows(monitoring: Monitoring): NamedWindow[] {
  const others = (monitoring.windows ?? []).map(({ name, compareWith, ...spec }): NamedWindow => {
    const reference = compareWith ?? 'frozen';
    return { name, spec: spec as WindowSpec, reference, timeZone: spec.timeZone ?? 'UTC' };
  });
  return [{ name: DEFAULT_WINDOW, spec: monitoring.window, reference: 'frozen', timeZone: 'UTC' }, ...others];
}
