import type { Manifest, Monitoring } from '../../core/manifest/manifest.js';

/**
 * How a model is watched: as its manifest says, or by windows of `windowRows` rows where that setting is given. Then a
 * window of that size is enough to decide on, whatever the manifest's minimum: the null band widens instead.
 */
export function monitoringOf(manifest: Manifest, windowRows: number | undefined): Monitoring {
  const { monitoring } = manifest;
  if (windowRows === undefined) return monitoring;
  return { ...monitoring, window: { rows: windowRows }, minimumRows: Math.min(monitoring.minimumRows, windowRows) };
}
