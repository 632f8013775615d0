import type { Alert } from '../../core/alerts/payload.js';

/** Name of the model that an alert is about, empty when it names none; the short label is for rules that people write themselves. */
export function modelOf(alert: Alert): string {
  return alert.labels.model_name ?? alert.labels.model ?? '';
}

/** Version of the model that an alert is about; null when it names none that can be one. */
export function versionOf(alert: Alert): number | null {
  const version = Number(alert.labels.model_version ?? alert.labels.version ?? Number.NaN);
  return Number.isInteger(version) && version > 0 && version <= 2_147_483_647 ? version : null;
}
