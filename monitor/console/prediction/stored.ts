import { decodeInstances } from '../../../core/inference/batch.js';
import type { Instance } from '../../../core/manifest/manifest.js';
import type { Queryable } from '../../../core/postgres/pool.js';
import { readInputs } from '../../../core/preparation/stored-inputs.js';
import { loadVersion, type ModelVersion } from '../../../core/registry/versions.js';

/** A stored prediction with the version that made it and its latest outcome. */
export interface ShownPrediction {
  id: string;
  version: ModelVersion;
  requestedAt: Date;
  source: string;
  /** What the caller sent, of a model that makes its features of raw inputs. */
  inputs: Instance | undefined;
  features: Instance;
  outOfRange: string[];
  label: string | null;
  scores: number[] | null;
  value: number | null;
  errorClass: string | null;
  latencyUs: number;
  requestId: string;
  traceId: string | null;
  outcome: { actual: string; observedAt: Date; receivedAt: Date; revision: number } | null;
}

interface Row extends Omit<ShownPrediction, 'id' | 'version' | 'inputs' | 'features' | 'outcome'> {
  modelName: string;
  modelVersion: number;
  numeric: (number | null)[];
  categorical: (string | null)[];
  raw: (string | null)[] | null;
  actual: string | null;
  observedAt: Date;
  receivedAt: Date;
  revision: number;
}

/** Reads one prediction by its id (a UUID v7, whose first 48 bits are its time in milliseconds); undefined when there is none. */
export async function loadPrediction(db: Queryable, id: string): Promise<ShownPrediction | undefined> {
  const requestedAt = new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
  const { rows } = await db.query<Row>(
    `select p.model_name as "modelName", p.model_version as "modelVersion", p.requested_at as "requestedAt", p.source,
            p.numeric_features as numeric, p.categorical_features as categorical, p.raw_inputs as raw, p.out_of_range as "outOfRange",
            p.label, p.scores, p.value, p.error_class as "errorClass", p.latency_us as "latencyUs",
            p.request_id as "requestId", p.trace_id as "traceId",
            o.actual, o.observed_at as "observedAt", o.received_at as "receivedAt", o.revision
       from predictions p
       left join lateral (select * from outcomes where prediction_id = p.prediction_id order by revision desc limit 1) o on true
      where p.prediction_id = $1 and p.requested_at = $2`,
    [id, requestedAt],
  );
  const row = rows[0];
  const version = row && (await loadVersion(db, row.modelName, row.modelVersion));
  if (!row || !version) return undefined;
  const { numeric, categorical, raw, actual, observedAt, receivedAt, revision } = row;
  const numbers = Float64Array.from(numeric, (value) => value ?? Number.NaN);
  const [features] = decodeInstances(version.manifest, { rows: 1, numeric: numbers, categorical });
  const wanted = version.manifest.inputs;
  const inputs = wanted && raw ? readInputs(wanted, raw) : undefined;
  const outcome = actual === null ? null : { actual, observedAt, receivedAt, revision };
  return { ...row, id, version, inputs, features: features!, outcome };
}
