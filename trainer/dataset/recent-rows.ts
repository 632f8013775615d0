import { decodeInstances } from '../../core/inference/batch.js';
import { decodeStoredRows } from '../../core/inference/stored-rows.js';
import { alertingWindows } from '../../core/manifest/alerting-windows.js';
import type { Instance, Manifest } from '../../core/manifest/manifest.js';
import type { Queryable } from '../../core/postgres/pool.js';
import { readInputs } from '../../core/preparation/stored-inputs.js';
import type { LabelledRows } from '../../core/project/reference.js';
import { inBrokenWindow } from '../../core/registry/broken-windows.js';

/** Live predictions whose truth is known, oldest first. */
export interface RecentRows extends LabelledRows {
  requestedAt: Date[];
  /** By row, when its outcome came. */
  receivedAt: Date[];
  /** The latest of them; the year 1970 without rows. */
  lastReceivedAt: Date;
  /** Rows left out because their outcome is not a class of the manifest, or not a number. */
  unusable: number;
}

interface StoredRow {
  requestedAt: Date;
  numeric: (number | null)[];
  categorical: (string | null)[];
  inputs: (string | null)[] | null;
  actual: string;
  receivedAt: Date;
}

/**
 * The newest live predictions of a version that have an outcome, at most `limit`, none before `since`, and none of a window
 * that alerts and looked like broken data: what was learned from those would be wrong once the data is mended. Read from the
 * outcomes' side, newest id first, one look-up each: they are fewer, and an id names its row's partition and order.
 */
export async function loadRecentRows(
  db: Queryable,
  options: { manifest: Manifest; modelVersion: number; since: Date | undefined; limit: number; withBroken?: boolean },
): Promise<RecentRows> {
  const { manifest, modelVersion, since, limit, withBroken = false } = options;
  const { rows } = await db.query<StoredRow>(
    `select p.requested_at as "requestedAt", p.numeric_features as numeric, p.categorical_features as categorical,
       p.raw_inputs as inputs, o.actual, o.received_at as "receivedAt"
     from (select distinct on (prediction_id) prediction_id, actual, received_at from outcomes
           where model_name = $1 and prediction_time(prediction_id) >= $3
           order by prediction_id desc, revision desc) o
     cross join lateral (select * from predictions
       where prediction_id = o.prediction_id and requested_at = prediction_time(o.prediction_id) limit 1) p
     where p.model_name = $1 and p.model_version = $2 and p.source = 'live' and p.error_class is null
       and ($5 or not ${inBrokenWindow('$6')})
     order by o.prediction_id desc limit $4`,
    [manifest.name, modelVersion, since ?? '-infinity', limit, withBroken, alertingWindows(manifest.monitoring)],
  );
  const usable = rows.filter((row) => isUsable(manifest, row.actual)).reverse();
  return {
    instances: toInstances(manifest, usable),
    targets: usable.map((row) => row.actual),
    requestedAt: usable.map((row) => row.requestedAt),
    receivedAt: usable.map((row) => row.receivedAt),
    lastReceivedAt: new Date(usable.reduce((last, row) => Math.max(last, row.receivedAt.getTime()), 0)),
    unusable: rows.length - usable.length,
  };
}

/** What the caller sent: raw inputs where the model has any, else the features. */
function toInstances(manifest: Manifest, rows: StoredRow[]): Instance[] {
  const { inputs } = manifest;
  if (!inputs) return decodeInstances(manifest, decodeStoredRows(manifest, rows));
  return rows.map((row) => readInputs(inputs, row.inputs ?? []));
}

function isUsable(manifest: Manifest, actual: string): boolean {
  if (manifest.task !== 'regression') return manifest.classes.includes(actual);
  return actual.trim() !== '' && Number.isFinite(Number(actual));
}
