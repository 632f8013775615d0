import { DEFAULT_WINDOW } from '../../core/manifest/alerting-windows.js';
import type { Monitoring } from '../../core/manifest/manifest.js';
import type { WindowSpec } from '../../core/manifest/monitoring-schema.js';

/** What a window is compared with: the frozen reference, or the same window some calendar days before. */
export type WindowReference = 'frozen' | 'day-before' | 'week-before';

/** One of the windows a model is watched by. */
export interface NamedWindow {
  /** `default` is `monitoring.window`. */
  name: string;
  spec: WindowSpec;
  reference: WindowReference;
  /** Whose clock tells the same time of another day. */
  timeZone: string;
  /** Whether its verdict is the model's: in metrics, alerts and the console. */
  alerts: boolean;
}

/** All windows of a model, `monitoring.window` first. */
export function namedWindows(monitoring: Pick<Monitoring, 'window' | 'windows'>): NamedWindow[] {
  const others = (monitoring.windows ?? []).map(({ name, compareWith, alerts = false, ...spec }): NamedWindow => {
    const reference = compareWith ?? 'frozen';
    return { name, spec: spec as WindowSpec, reference, timeZone: spec.timeZone ?? 'UTC', alerts };
  });
  const own = { name: DEFAULT_WINDOW, spec: monitoring.window, timeZone: 'UTC', alerts: true };
  return [{ ...own, reference: 'frozen' }, ...others];
}
