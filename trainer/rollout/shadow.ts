import type { FeatureBatch, PredictionBatch } from '../../core/inference/batch.js';
import { createFindFlags } from '../../core/inference/flags.js';
import { inferAll } from '../../core/inference/infer-all.js';
import { loadOnnxModel } from '../../core/inference/onnx-session.js';
import { decodeStoredRows, type StoredFeatures } from '../../core/inference/stored-rows.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import type { Pool } from '../../core/postgres/pool.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import { readInputs } from '../../core/preparation/stored-inputs.js';
import { getArtefact } from '../../core/registry/artefacts.js';
import type { Rollout } from '../../core/registry/rollouts.js';
import type { ModelVersion } from '../../core/registry/versions.js';

const MOST_ROWS = 1_000;

/**
 * Lets a challenger answer live rows of its champion that it has not answered, from what is stored of them: the answers are
 * stored beside the champion's and returned to nobody, and the service does no work for it. @returns rows answered now
 */
export async function answerInShadow(pool: Pool, rollout: Rollout, challenger: ModelVersion): Promise<number> {
  const left = rollout.policy.shadowRows - (await countShadowed(pool, rollout));
  if (left <= 0) return 0;
  const rows = await loadLiveRows(pool, rollout, Math.min(left, MOST_ROWS));
  if (rows.length === 0) return 0;
  const { manifest } = challenger;
  const batch = encodeLiveRows(manifest, rows);
  const began = performance.now();
  const answers = await answer(await getArtefact(pool, challenger.modelDigest), manifest, batch);
  const latencyUs = Math.round(((performance.now() - began) * 1_000) / rows.length);
  const featuresOf = createFeaturesOf(manifest, batch);
  const given = rows.map(({ id, at }, i) => ({ id, at, ...featuresOf(i), ...answerOf(manifest, answers, i) }));
  await store(pool, rollout, given, latencyUs);
  return rows.length;
}

async function countShadowed(pool: Pool, rollout: Rollout): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*) as n from predictions where batch_id = $1 and source = 'shadow' and requested_at >= $2`,
    [rollout.rolloutId, rollout.stageBeganAt],
  );
  return rows[0]!.n;
}

interface LiveRow extends StoredFeatures {
  inputs: (string | null)[] | null;
  id: string;
  at: Date;
}

/** The oldest first; a row that is shipped late has its turn too. */
async function loadLiveRows(pool: Pool, rollout: Rollout, limit: number): Promise<LiveRow[]> {
  const { rows } = await pool.query<LiveRow>(
    `select p.prediction_id as id, p.requested_at as at, p.numeric_features as numeric, p.categorical_features as categorical,
       p.raw_inputs as inputs
     from capture_batches b join predictions p on p.batch_id = b.batch_id and p.model_name = b.model_name
       and p.model_version = b.model_version and p.requested_at between b.first_requested_at and b.last_requested_at
     where b.model_name = $1 and b.model_version = $2 and b.live_row_count > 0 and b.last_requested_at >= $3
       and p.requested_at >= $3
       and p.source = 'live' and p.error_class is null
       and not exists (select from predictions s where s.prediction_id = shadow_id(p.prediction_id) and s.requested_at = p.requested_at)
     order by p.prediction_id limit $4`,
    [rollout.modelName, rollout.championVersion, rollout.stageBeganAt, limit],
  );
  return rows;
}

/** The rows as the challenger takes them: from raw inputs its own preparation makes its features. */
function encodeLiveRows(manifest: Manifest, rows: LiveRow[]): FeatureBatch {
  const { inputs } = manifest;
  if (!inputs) return decodeStoredRows(manifest, rows);
  return encodeRows(
    manifest,
    rows.map((row) => readInputs(inputs, row.inputs ?? [])),
  );
}

interface ShadowFeatures {
  numbers?: number[];
  texts?: (string | null)[];
  flags?: string[];
}

/** What the challenger made of the raw inputs of a row; nothing where its features are the request's, as the champion's are. */
function createFeaturesOf(manifest: Manifest, batch: FeatureBatch): (row: number) => ShadowFeatures {
  if (!manifest.inputs) return () => ({});
  const findFlags = createFindFlags(manifest);
  const numbers = batch.numeric.length / batch.rows;
  const texts = batch.categorical.length / batch.rows;
  return (row) => ({
    numbers: Array.from(batch.numeric.subarray(row * numbers, (row + 1) * numbers)),
    texts: batch.categorical.slice(row * texts, (row + 1) * texts),
    flags: findFlags(batch, row)?.map(({ feature }) => feature) ?? [],
  });
}

/** A model that cannot be loaded, or fails on a batch, fails on all its rows: in the service, too, requests share a run. */
async function answer(
  onnx: Uint8Array,
  manifest: Manifest,
  batch: FeatureBatch,
): Promise<PredictionBatch | { errorClass: string }> {
  try {
    const model = await loadOnnxModel(onnx, manifest);
    return await inferAll(model, manifest, batch).finally(() => model.release());
  } catch (error) {
    return { errorClass: error instanceof Error ? error.constructor.name : typeof error };
  }
}

interface ShadowAnswer {
  label?: string | undefined;
  scores?: number[];
  value?: number | undefined;
  error?: string;
}

function answerOf({ classes }: Manifest, answers: PredictionBatch | { errorClass: string }, row: number): ShadowAnswer {
  if ('errorClass' in answers) return { error: answers.errorClass };
  const { labels, probabilities, values } = answers;
  const scores = probabilities?.subarray(row * classes.length, (row + 1) * classes.length);
  const numbers = [...(scores ?? []), values?.[row] ?? 0];
  if (!numbers.every(Number.isFinite)) return { error: 'NotANumberError' };
  return { label: labels?.[row], ...(scores && { scores: Array.from(scores) }), value: values?.[row] };
}

/** NaN becomes null in JSON, which is how a missing number is stored. */
async function store(
  pool: Pool,
  { rolloutId, modelVersion }: Rollout,
  given: (ShadowAnswer & ShadowFeatures & { id: string; at: Date })[],
  latencyUs: number,
): Promise<void> {
  await pool.query(
    `insert into predictions (prediction_id, requested_at, model_name, model_version, batch_id, source, numeric_features,
       categorical_features, raw_inputs, out_of_range, label, scores, value, latency_us, request_id, trace_id, error_class)
     select shadow_id(p.prediction_id), p.requested_at, p.model_name, $2, $1, 'shadow', coalesce(g.numbers, p.numeric_features),
       coalesce(g.texts, p.categorical_features), p.raw_inputs, coalesce(g.flags, p.out_of_range), g.label, g.scores, g.value, $3, p.request_id, p.trace_id, g.error
     from jsonb_to_recordset($4) as g (id uuid, at timestamptz, label text, scores real[], value real, error text,
       numbers float8[], texts text[], flags text[])
     join predictions p on p.prediction_id = g.id and p.requested_at = g.at
     on conflict do nothing`,
    [rolloutId, modelVersion, latencyUs, JSON.stringify(given)],
  );
}
