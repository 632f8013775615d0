import { decodeInstances, type FeatureBatch, type PredictionBatch } from '../../core/inference/batch.js';
import { loadOnnxModel, type OnnxModel, runtimeVersion } from '../../core/inference/onnx-session.js';
import { decodeStoredRows } from '../../core/inference/stored-rows.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import type { Queryable } from '../../core/postgres/pool.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import { readInputs } from '../../core/preparation/stored-inputs.js';
import { getArtefact } from '../../core/registry/artefacts.js';
import { loadVersion } from '../../core/registry/versions.js';
import { type Answer, answerOf, firstDifference, repeatRow } from './answer.js';
import { loadStoredRow, type StoredRow } from './stored-row.js';

/** What came of running a stored input again. */
export interface Replay {
  id: string;
  requestedAt: string;
  traceId: string | null;
  model: { name: string; version: number; digest: string | undefined };
  /** Version of onnxruntime that ran it now. */
  onnxruntime: string;
  /** Whether the answer is the same: the label equal, each score equal as a float32. */
  same: boolean;
  /** Why it is not the same, or how it came to be; undefined where there is nothing to say. */
  reason?: string;
  /** What was answered when it was asked. */
  stored: Answer;
  /** What the model answers now; undefined where it could not be run. */
  replayed?: Answer;
}

/**
 * Rows that share a run, tried one after the other until the answer is the same: matrix kernels may add up in another
 * order when they work on more rows, and the stored row shared its run with others that nobody knows any more.
 */
const RUN_ROWS = [1, 2, 8, 64];

/**
 * Runs the model version that answered a stored prediction, found by its digest, on the stored input.
 * @throws Error when there is no such prediction
 */
export async function replay(db: Queryable, id: string): Promise<Replay> {
  const row = await loadStoredRow(db, id);
  const known = {
    id,
    requestedAt: row.requestedAt.toISOString(),
    traceId: row.traceId,
    onnxruntime: runtimeVersion,
    stored: row.answer,
  };
  const { modelName: name, modelVersion: version } = row;
  const registered = await loadVersion(db, name, version);
  const model = { name, version, digest: registered?.modelDigest };
  const failed = (reason: string): Replay => ({ ...known, model, same: false, reason });
  if (!registered) return failed(`${name} version ${version} is not registered any more`);
  const { manifest, modelDigest } = registered;
  let onnx: OnnxModel;
  try {
    onnx = await loadOnnxModel(await getArtefact(db, modelDigest), manifest);
  } catch (error) {
    return failed((error as Error).message);
  }
  try {
    const batch = decodeStoredRows(manifest, [row]);
    const unprepared = firstUnlike(manifest, row, batch);
    if (unprepared !== undefined) return failed(unprepared);
    return { ...known, model, ...(await compare(onnx, row, batch)) };
  } finally {
    await onnx.release();
  }
}

/** What the raw inputs make now that is not what the model was given then, in a sentence; undefined where all is the same. */
function firstUnlike(manifest: Manifest, { inputs }: StoredRow, then: FeatureBatch): string | undefined {
  if (!manifest.inputs || !inputs) return undefined;
  const now = encodeRows(manifest, [readInputs(manifest.inputs, inputs)]);
  const [before, after] = [then, now].map((batch) => decodeInstances(manifest, batch)[0]!);
  const unlike = manifest.features.find(({ name }) => !Object.is(before![name], after![name]));
  if (!unlike) return undefined;
  const { name } = unlike;
  return `the stored inputs make ${name} ${after![name]} now and made it ${before![name]}; the preparation of features has changed`;
}

async function compare(
  onnx: OnnxModel,
  row: StoredRow,
  batch: FeatureBatch,
): Promise<Pick<Replay, 'same' | 'reason' | 'replayed'>> {
  let first: Answer | undefined;
  for (const rows of RUN_ROWS) {
    const replayed = await run(onnx, repeatRow(batch, rows));
    first ??= replayed;
    if (firstDifference(row.answer, replayed) !== undefined) continue;
    return { same: true, replayed, ...(rows > 1 && { reason: `in a run of ${rows} rows` }) };
  }
  const difference = firstDifference(row.answer, first!);
  const cause = `the stored input and the model are the ones of then, so the service may have run another onnxruntime than this one (${runtimeVersion}), or another processor`;
  return { same: false, replayed: first!, reason: `${difference}; ${cause}` };
}

async function run(onnx: OnnxModel, batch: FeatureBatch): Promise<Answer> {
  let answers: PredictionBatch;
  try {
    answers = await onnx.infer(batch);
  } catch (error) {
    return { errorClass: error instanceof Error ? error.constructor.name : typeof error };
  }
  return answerOf(answers);
}
