import { createHash } from 'node:crypto';

/** One alert of an Alertmanager webhook body. */
export interface Alert {
  status: 'firing' | 'resolved';
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** RFC 3339. With `fingerprint` it identifies one occurrence. */
  startsAt: string;
  /** RFC 3339; Alertmanager sends the year 1 while the alert fires. */
  endsAt: string;
  generatorURL: string;
  fingerprint: string;
}

/** An Alertmanager webhook body, version 4 (docs/configuration.md of prometheus/alertmanager). */
export interface AlertmanagerPayload {
  version: '4';
  groupKey: string;
  truncatedAlerts: number;
  status: 'firing' | 'resolved';
  receiver: string;
  groupLabels: Record<string, string>;
  commonLabels: Record<string, string>;
  commonAnnotations: Record<string, string>;
  externalURL: string;
  alerts: Alert[];
}

/** Identity of a label set: 16 hex digits, the same for the same labels in any order. */
export function fingerprint(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(pairs)).digest('hex').slice(0, 16);
}
