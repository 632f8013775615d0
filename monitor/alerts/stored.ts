import type { Queryable } from '../../core/postgres/pool.js';
import type { RaisedAlert } from './decide-alerts.js';

const COLUMNS = `fingerprint, starts_at as "startsAt", alert_name as "alertName", model_name as "modelName",
  model_version as "modelVersion", annotations, ends_at as "endsAt", last_sent_at as "lastSentAt"`;

/** Alerts of a model that fire, or whose end was not delivered yet, oldest first. */
export async function loadOpenAlerts(db: Queryable, modelName: string): Promise<RaisedAlert[]> {
  const { rows } = await db.query<RaisedAlert>(
    `select ${COLUMNS} from alerts
      where model_name = $1 and (ends_at is null or last_sent_at is null or last_sent_at < ends_at)
      order by starts_at, fingerprint`,
    [modelName],
  );
  return rows;
}

/** All alerts of a model, newest first. */
export async function listAlerts(db: Queryable, modelName: string, limit: number): Promise<RaisedAlert[]> {
  const { rows } = await db.query<RaisedAlert>(
    `select ${COLUMNS} from alerts where model_name = $1 order by starts_at desc, fingerprint limit $2`,
    [modelName, limit],
  );
  return rows;
}

/** Stores an alert, or its new annotations and end. */
export async function saveAlert(db: Queryable, alert: RaisedAlert): Promise<void> {
  await db.query(
    `insert into alerts (fingerprint, starts_at, alert_name, model_name, model_version, annotations, ends_at)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (fingerprint, starts_at) do update set annotations = excluded.annotations, ends_at = excluded.ends_at`,
    [
      alert.fingerprint,
      alert.startsAt,
      alert.alertName,
      alert.modelName,
      alert.modelVersion,
      alert.annotations,
      alert.endsAt,
    ],
  );
}

/** Records that alerts were delivered. */
export async function markSent(db: Queryable, alerts: RaisedAlert[], sentAt: Date): Promise<void> {
  for (const { fingerprint, startsAt, endsAt } of alerts) {
    await db.query(
      'update alerts set last_sent_at = greatest($3::timestamptz, $4::timestamptz) where fingerprint = $1 and starts_at = $2',
      [fingerprint, startsAt, sentAt, endsAt],
    );
  }
}
