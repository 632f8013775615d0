import { v7 as uuidv7 } from 'uuid';
import type { Alert } from '../../core/alerts/payload.js';
import type { Client } from '../../core/postgres/pool.js';

/**
 * Makes another run for alerts that are notified again long after a run of theirs that changed nothing (kept, failed, given
 * up for want of outcomes, or refused because another run or a rollout was under way): the cool-down is over and enough
 * outcomes of live requests came that the last one had not. A drift that was harmless at first may do harm by then. However
 * often the same notification is repeated, one run is made. @returns ids of the new runs
 */
export async function beginAgain(
  client: Client,
  alerts: Alert[],
  options: { cooldownMinutes: number | undefined },
): Promise<string[]> {
  const given = alerts.map((alert) => ({
    id: uuidv7(),
    fingerprint: alert.fingerprint,
    startsAt: alert.startsAt,
    alert,
  }));
  const { rows } = await client.query<{ id: string }>(
    `insert into training_runs
       (training_run_id, fingerprint, starts_at, attempt, alert_name, model_name, champion_version, state, reason, alert)
     select given.id, r.fingerprint, r.starts_at, r.attempt + 1, r.alert_name, r.model_name, r.champion_version, 'queued',
       'notified again: run ' || r.training_run_id || ' ended ' || r.state, given.alert
     from jsonb_to_recordset($1) as given (id uuid, fingerprint text, "startsAt" timestamptz, alert jsonb)
     join lateral (select * from training_runs t
       where t.fingerprint = given.fingerprint and t.starts_at = given."startsAt" order by attempt desc limit 1) r on true
     join models m on m.model_name = r.model_name
     join model_versions v on v.model_name = m.model_name and v.model_version = m.champion_version
     cross join lateral (select coalesce((v.manifest->'retraining'->>'minimumNewOutcomes')::int,
       (v.manifest->'retraining'->>'minimumOutcomes')::int) as wanted) labels
     where (r.state in ('kept', 'failed') or (r.state = 'refused' and r.guard in ('too-few-labels', 'busy')))
       and (r.champion_version is null or r.champion_version = m.champion_version)
       and r.finished_at + make_interval(secs => 60 * coalesce($2, (v.manifest->'retraining'->>'cooldownMinutes')::float8)) <= now()
       and wanted <= (select count(*) from (select from outcomes o where o.model_name = r.model_name
         and o.received_at >= coalesce((r.dataset->>'lastReceivedAt')::timestamptz + interval '1 millisecond', '-infinity')
         and 'live' = (select source from predictions
           where prediction_id = o.prediction_id and requested_at = prediction_time(o.prediction_id)) limit wanted) new)
     order by r.fingerprint, r.starts_at
     on conflict (fingerprint, starts_at, attempt) do nothing
     returning training_run_id as id`,
    [JSON.stringify(given), options.cooldownMinutes ?? null],
  );
  return rows.map((row) => row.id);
}
