import { fingerprint } from '../../core/alerts/payload.js';
import type { ChampionWindow } from '../verdicts/champion-window.js';
import { worstVerdict } from '../verdicts/verdict.js';
import { ALERT_NAMES, type DriftKind, driftAnnotations } from './annotations.js';

/** One occurrence of an alert of a model version: from when it fired, until when. */
export interface DriftAlert {
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

/** Labels of a drift alert: exactly those of the Prometheus rule. */
export function alertLabels(
  alert: Pick<DriftAlert, 'alertName' | 'modelName' | 'modelVersion'>,
): Record<string, string> {
  return {
    alertname: alert.alertName,
    model_name: alert.modelName,
    model_version: String(alert.modelVersion),
    severity: 'warning',
  };
}

/**
 * What the alerts of a model are after a pass. One begins with the verdict drift of the champion's newest window, and
 * ends when that verdict clears or another version is champion; a window with too few rows neither begins nor ends one.
 * @param open  alerts that fire or whose end was not delivered yet
 * @returns those of `open`, brought up to date, and new ones
 */
export function decideAlerts(options: {
  champion: ChampionWindow | undefined;
  open: DriftAlert[];
  now: Date;
}): DriftAlert[] {
  const { champion, open, now } = options;
  const firing = champion ? kinds.flatMap((kind) => firingAlert(champion, kind, open, now)) : [];
  const ended = open
    .filter((alert) => !firing.some((other) => other.fingerprint === alert.fingerprint && alert.endsAt === null))
    .map((alert) => ({ ...alert, endsAt: alert.endsAt ?? after(alert.lastSentAt, now) }));
  return [...ended, ...firing];
}

const kinds: DriftKind[] = ['feature', 'prediction'];

function firingAlert(champion: ChampionWindow, kind: DriftKind, open: DriftAlert[], now: Date): DriftAlert[] {
  const { version, window } = champion;
  const subjects = window?.subjects.filter((subject) => subject.kind === kind) ?? [];
  const verdict = worstVerdict(subjects.map((subject) => subject.verdict));
  const identity = {
    alertName: ALERT_NAMES[kind],
    modelName: version.modelName,
    modelVersion: version.modelVersion,
  };
  const print = fingerprint(alertLabels(identity));
  const before = open.find((alert) => alert.fingerprint === print && alert.endsAt === null);
  if (verdict !== 'drift' && !(verdict === 'insufficient-data' && before)) return [];
  const annotations = driftAnnotations({ kind, ...identity, subjects, cause: window?.cause ?? null });
  const begun = before ?? { ...identity, fingerprint: print, startsAt: now, endsAt: null, lastSentAt: null };
  return [{ ...begun, annotations }];
}

/** An end later than the last delivery, by which an undelivered end is known. */
function after(lastSentAt: Date | null, now: Date): Date {
  return new Date(Math.max(now.getTime(), (lastSentAt?.getTime() ?? 0) + 1));
}

/** Whether a delivery of this alert is due: never delivered, its end not delivered, or `repeatSeconds` ago. */
export function isDue(alert: DriftAlert, now: Date, repeatSeconds: number): boolean {
  const { endsAt, lastSentAt } = alert;
  if (!lastSentAt) return true;
  if (endsAt) return lastSentAt < endsAt;
  return now.getTime() - lastSentAt.getTime() >= repeatSeconds * 1_000;
}
