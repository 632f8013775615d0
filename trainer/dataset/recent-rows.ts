import { decodeInstances } from '../../core/inference/batch.js';
import { decodeStoredRows } from '../../core/inference/stored-rows.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import type { Queryable } from '../../core/postgres/pool.js';
import type { LabelledRows } from '../../core/project/reference.js';

/** Live predictions whose truth is known, oldest first. */
export interface RecentRows extends LabelledRows {
  requestedAt: Date[];
  /** Rows left out because their outcome is not a class of the manifest, or not a number. */
  unusable: number;
}

interface StoredRow {
  requestedAt: Date;
  numeric: (number | null)[];
  categorical: (string | null)[];
  actual: string;
}

/** The newest live predictions of a version that have an outcome, at most `limit`, none before `since`. */
export async function loadRecentRows(
  db: Queryable,
  options: { manifest: Manifest; modelVersion: number; since: Date | undefined; limit: number },
): Promise<RecentRows> {
  const { manifest, modelVersion, since, limit } = options;
  const { rows } = await db.query<StoredRow>(
    `select p.requested_at as "requestedAt", p.numeric_features as numeric, p.categorical_features as categorical, o.actual
     from predictions p
     cross join lateral (select actual from outcomes where prediction_id = p.prediction_id
       order by revision desc limit 1) o
     where p.model_name = $1 and p.model_version = $2 and p.source = 'live' and p.error_class is null and p.requested_at >= $3
     order by p.requested_at desc, p.prediction_id desc limit $4`,
    [manifest.name, modelVersion, since ?? '-infinity', limit],
  );
  const usable = rows.filter((row) => isUsable(manifest, row.actual)).reverse();
  return {
    instances: decodeInstances(manifest, decodeStoredRows(manifest, usable)),
    targets: usable.map((row) => row.actual),
    requestedAt: usable.map((row) => row.requestedAt),
    unusable: rows.length - usable.length,
  };
}

function isUsable(manifest: Manifest, actual: string): boolean {
  if (manifest.task !== 'regression') return manifest.classes.includes(actual);
  return actual.trim() !== '' && Number.isFinite(Number(actual));
}
