import type { Alert, AlertmanagerPayload } from '../../core/alerts/payload.js';
import { alertLabels, type RaisedAlert } from './decide-alerts.js';

/** What Alertmanager writes for an alert that still fires. */
const NOT_ENDED = '0001-01-01T00:00:00Z';

/** The Alertmanager webhook body for the alerts of one model, grouped as `prometheus/alertmanager.yml` groups them. */
export function composePayload(modelName: string, alerts: RaisedAlert[], externalUrl: string): AlertmanagerPayload {
  const composed = alerts.map((alert) => composeAlert(alert, externalUrl));
  return {
    version: '4',
    groupKey: `{}:{model_name="${modelName}"}`,
    truncatedAlerts: 0,
    status: composed.some((alert) => alert.status === 'firing') ? 'firing' : 'resolved',
    receiver: 'trainer',
    groupLabels: { model_name: modelName },
    commonLabels: shared(composed.map((alert) => alert.labels)),
    commonAnnotations: shared(composed.map((alert) => alert.annotations)),
    externalURL: externalUrl,
    alerts: composed,
  };
}

function composeAlert(alert: RaisedAlert, externalUrl: string): Alert {
  return {
    status: alert.endsAt ? 'resolved' : 'firing',
    labels: alertLabels(alert),
    annotations: alert.annotations,
    startsAt: alert.startsAt.toISOString(),
    endsAt: alert.endsAt?.toISOString() ?? NOT_ENDED,
    generatorURL: `${externalUrl}/v1/models/${alert.modelName}/windows`,
    fingerprint: alert.fingerprint,
  };
}

/** The entries that all maps have in common. */
function shared(maps: Record<string, string>[]): Record<string, string> {
  const [first = {}, ...others] = maps;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((other) => other[name] === value)),
  );
}
