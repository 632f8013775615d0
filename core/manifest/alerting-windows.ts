import type { Monitoring } from './manifest.js';

/** Name of `monitoring.window`, which always alerts. */
export const DEFAULT_WINDOW = 'default';

/** Names of the windows whose verdicts are the model's, `default` first. */
export function alertingWindows(monitoring: Pick<Monitoring, 'windows'>): string[] {
  const others = (monitoring.windows ?? []).filter((window) => window.alerts);
  return [DEFAULT_WINDOW, ...others.map((window) => window.name)];
}
