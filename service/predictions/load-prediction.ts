import { decodeInstances } from '../../core/inference/batch.js';
import { type Flag, flagOf } from '../../core/inference/flags.js';
import { decodeStoredRows } from '../../core/inference/stored-rows.js';
import type { Instance, Manifest } from '../../core/manifest/manifest.js';
import { loadKeptFrom } from '../../core/postgres/kept-from.js';
import type { Queryable } from '../../core/postgres/pool.js';
import { readInputs } from '../../core/preparation/stored-inputs.js';
import type { PendingRows } from '../capture/capture.js';
import { PredictionDroppedError, PredictionPendingError } from '../errors.js';
import { idMilliseconds } from '../new-id.js';

/** A stored prediction as it is shown. */
export interface StoredPrediction {
  id: string;
  model: { name: string; version: number };
  requested_at: string;
  source: string;
  /** What the caller sent, of a model that makes its features of raw inputs. */
  inputs?: Instance;
  features: Instance;
  label?: string;
  probabilities?: { [className: string]: number };
  value?: number;
  flags?: Flag[];
  /** Class of the error the model failed with; then there is no answer. */
  error_class?: string;
  latency_us: number;
  request_id: string;
  trace_id: string | null;
  /** The latest revision of the truth, or null. */
  outcome: { actual: string | number; observed_at: string; received_at: string; revision: number } | null;
}

interface Row {
  model_name: string;
  model_version: number;
  requested_at: Date;
  source: string;
  numeric_features: (number | null)[];
  categorical_features: (string | null)[];
  raw_inputs: (string | null)[] | null;
  out_of_range: string[];
  label: string | null;
  scores: number[] | null;
  value: number | null;
  error_class: string | null;
  latency_us: number;
  request_id: string;
  trace_id: string | null;
  manifest: Manifest;
  actual: string | null;
  observed_at: Date;
  received_at: Date;
  revision: number;
}

/**
 * Finds a prediction by its id; one that is not stored yet is waited for a little.
 * @returns undefined when there is none
 * @throws PredictionPendingError  it is in the spool, and Postgres does not have it yet
 * @throws PredictionDroppedError  if it was ever made, retention has removed it
 */
export async function findPrediction(
  db: Queryable,
  pending: PendingRows,
  id: string,
): Promise<StoredPrediction | undefined> {
  const stored = await loadPrediction(db, id);
  if (stored) return stored;
  await pending.settle();
  const settled = await loadPrediction(db, id);
  if (settled) return settled;
  if ((await pending.find([id])).size > 0) throw new PredictionPendingError();
  // It may have been stored while the spool was searched.
  const found = await loadPrediction(db, id);
  if (found) return found;
  const keptFrom = await loadKeptFrom(db);
  if (keptFrom && idMilliseconds(id) < keptFrom.getTime()) throw new PredictionDroppedError(keptFrom);
  return undefined;
}

/** Reads one prediction with its latest outcome, or undefined. */
async function loadPrediction(db: Queryable, id: string): Promise<StoredPrediction | undefined> {
  const { rows } = await db.query<Row>(
    `select p.*, v.manifest, o.actual, o.observed_at, o.received_at, o.revision
       from predictions p
       join model_versions v using (model_name, model_version)
       left join lateral (select * from outcomes where prediction_id = p.prediction_id order by revision desc limit 1) o on true
      where p.prediction_id = $1 and p.requested_at = $2`,
    [id, new Date(idMilliseconds(id))],
  );
  return rows[0] && toStored(id, rows[0]);
}

function toStored(id: string, row: Row): StoredPrediction {
  const { manifest } = row;
  const stored = { numeric: row.numeric_features, categorical: row.categorical_features };
  const [features] = decodeInstances(manifest, decodeStoredRows(manifest, [stored]));
  const flags = manifest.features.filter((feature) => row.out_of_range.includes(feature.name)).map(flagOf);
  return {
    id,
    model: { name: row.model_name, version: row.model_version },
    requested_at: row.requested_at.toISOString(),
    source: row.source,
    ...(manifest.inputs && row.raw_inputs && { inputs: readInputs(manifest.inputs, row.raw_inputs) }),
    features: features!,
    ...(row.label !== null && { label: row.label }),
    ...(row.scores && { probabilities: byClass(manifest, row.scores) }),
    ...(row.value !== null && { value: Math.fround(row.value) }),
    ...(flags.length > 0 && { flags }),
    ...(row.error_class !== null && { error_class: row.error_class }),
    latency_us: row.latency_us,
    request_id: row.request_id,
    trace_id: row.trace_id,
    outcome:
      row.actual === null
        ? null
        : {
            actual: manifest.task === 'regression' ? Number(row.actual) : row.actual,
            observed_at: row.observed_at.toISOString(),
            received_at: row.received_at.toISOString(),
            revision: row.revision,
          },
  };
}

/** Postgres prints a real in its shortest form; rounding to float32 again gives the very number that was answered. */
function byClass(manifest: Manifest, scores: number[]): { [className: string]: number } {
  return Object.fromEntries(manifest.classes.map((name, i) => [name, Math.fround(scores[i]!)]));
}
