import { fingerprint } from '../../core/alerts/payload.js';
import { type Finding, findingsOf, type KnownChampion } from './findings.js';
import { PERFORMANCE_ALERT, PERFORMANCE_LABELS } from './performance-annotations.js';

/** One occurrence of an alert of a model version: from when it fired, until when. */
export interface RaisedAlert {
  fingerprint: string;
  startsAt: Date;
  alertName: string;
  modelName: string;
  modelVersion: number;
  annotations: Record<string, string>;
  /** null while it fires. */
  endsAt: Date | null;
  /** When it was last delivered; null when never. */
  lastSentAt: Date | null;
}

/** Labels of an alert: exactly those of the Prometheus rule. */
export function alertLabels(
  alert: Pick<RaisedAlert, 'alertName' | 'modelName' | 'modelVersion'>,
): Record<string, string> {
  return {
    alertname: alert.alertName,
    model_name: alert.modelName,
    model_version: String(alert.modelVersion),
    ...(alert.alertName === PERFORMANCE_ALERT && PERFORMANCE_LABELS),
    severity: 'warning',
  };
}

/**
 * What the alerts of a model are after a pass. One on drift begins with that verdict of the champion's newest window, one on
 * performance with the verdict drop of the window it is judged by. Each ends when its verdict clears or another
 * version is champion. What decides neither way neither begins nor ends one: a window with too few rows, or a loss of
 * performance whose interval reaches back to what is allowed.
 * @param open  alerts that fire or whose end was not delivered yet
 * @returns those of `open`, brought up to date, and new ones
 */
export function decideAlerts(options: {
  champion: KnownChampion | undefined;
  open: RaisedAlert[];
  now: Date;
}): RaisedAlert[] {
  const { champion, open, now } = options;
  const firing = champion ? findingsOf(champion).flatMap((found) => firingAlert(champion, found, open, now)) : [];
  const ended = open
    .filter((alert) => !firing.some((other) => other.fingerprint === alert.fingerprint && alert.endsAt === null))
    .map((alert) => ({ ...alert, endsAt: alert.endsAt ?? after(alert.lastSentAt, now) }));
  return [...ended, ...firing];
}

function firingAlert(
  { version: { modelName, modelVersion } }: KnownChampion,
  { alertName, begins, annotations }: Finding,
  open: RaisedAlert[],
  now: Date,
): RaisedAlert[] {
  const identity = { alertName, modelName, modelVersion };
  const print = fingerprint(alertLabels(identity));
  const before = open.find((alert) => alert.fingerprint === print && alert.endsAt === null);
  if (!begins && !before) return [];
  const begun = before ?? { ...identity, fingerprint: print, startsAt: now, endsAt: null, lastSentAt: null };
  return [{ ...begun, annotations }];
}

/** An end later than the last delivery, by which an undelivered end is known. */
function after(lastSentAt: Date | null, now: Date): Date {
  return new Date(Math.max(now.getTime(), (lastSentAt?.getTime() ?? 0) + 1));
}

/** Whether a delivery of this alert is due: never delivered, its end not delivered, or `repeatSeconds` ago. */
export function isDue(alert: RaisedAlert, now: Date, repeatSeconds: number): boolean {
  const { endsAt, lastSentAt } = alert;
  if (!lastSentAt) return true;
  if (endsAt) return lastSentAt < endsAt;
  return now.getTime() - lastSentAt.getTime() >= repeatSeconds * 1_000;
}
