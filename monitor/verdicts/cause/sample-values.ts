import { numericFeatures } from '../../../core/manifest/manifest.js';
import type { Queryable } from '../../../core/postgres/pool.js';
import type { ModelVersion } from '../../../core/registry/versions.js';
import type { Window } from '../../windows/window.js';

/** Enough to tell a unit from a shift; a window that drifted is read once more for it, not one that did not. */
const MOST_ROWS = 2_000;

/**
 * Values of numeric features in the newest live rows of a window, missing ones left out, by feature name. Counts cannot
 * tell what lies beyond the reference's range. Empty where the rows are gone.
 */
export async function sampleValues(
  db: Queryable,
  version: ModelVersion,
  window: Window,
  names: string[],
): Promise<Map<string, Float64Array>> {
  const features = numericFeatures(version.manifest);
  const wanted = features.flatMap(({ name }, at) => (names.includes(name) ? [{ name, at }] : []));
  if (wanted.length === 0) return new Map();
  const { rows } = await db.query<{ numeric: string }>(
    `select array_to_string(numeric_features, ',', 'NaN') as numeric from predictions
      where model_name = $1 and model_version = $2 and source = 'live' and error_class is null
        and requested_at >= to_timestamp($3) and requested_at < to_timestamp($4)
      order by requested_at desc limit ${MOST_ROWS}`,
    [version.modelName, version.modelVersion, window.start, window.end],
  );
  const cells = rows.map(({ numeric }) => numeric.split(','));
  return new Map(
    wanted.map(({ name, at }) => [
      name,
      Float64Array.from(cells, (row) => Number(row[at])).filter((value) => !Number.isNaN(value)),
    ]),
  );
}
