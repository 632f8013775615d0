import type { PredictionBatch } from '../../core/inference/batch.js';
import { openOnnxFile } from '../../core/inference/onnx-session.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import { type Problem, ProblemsError } from '../../core/problems.js';
import { checkedAnswers } from '../../core/project/checked-answers.js';
import { resolveOnnxMapping } from '../../core/project/onnx-mapping.js';
import type { LabelledRows } from '../../core/project/reference.js';
import type { RetrainingDataset } from '../dataset/compose.js';
import { Stopped } from '../stopped.js';
import { assertFastEnough, measureMicroseconds } from './latency.js';

/** A challenger that can be served, with its answers to the held-out rows and to the champion's reference rows. */
export interface CheckedChallenger {
  onnx: Buffer;
  /** The champion's manifest with the mapping of the challenger's own inputs and outputs. */
  manifest: Manifest;
  heldOut: PredictionBatch;
  reference: PredictionBatch;
  microsecondsPerRow: number;
}

/**
 * Checks what a training command made: it loads, fits the manifest, answers held-out, recent and reference rows with finite
 * numbers, and is not absurdly slow.
 * @param championMicroseconds  what the champion takes for a row of the same held-out rows
 * @throws Stopped  failed, with what is wrong
 */
export async function checkChallenger(
  onnx: Buffer,
  parent: Manifest,
  dataset: RetrainingDataset,
  championMicroseconds: number,
): Promise<CheckedChallenger> {
  const manifest = await mapChallenger(onnx, parent);
  const answers = (rows: LabelledRows, name: string): Promise<PredictionBatch> =>
    checkedAnswers('challenger', onnx, manifest, encodeRows(manifest, rows.instances), name).catch(stop);
  const heldOut = await answers(dataset.heldOut, 'the held-out rows');
  await answers(dataset.recent, 'the recent rows');
  const reference = await answers(dataset.reference, 'the reference rows');
  const batch = encodeRows(manifest, dataset.heldOut.instances);
  const microsecondsPerRow = await measureMicroseconds(onnx, manifest, batch);
  assertFastEnough(microsecondsPerRow, championMicroseconds);
  return { onnx, manifest, heldOut, reference, microsecondsPerRow };
}

/** The training command may name inputs and outputs otherwise than the champion does. */
async function mapChallenger(onnx: Buffer, parent: Manifest): Promise<Manifest> {
  const file = await openOnnxFile(onnx).catch((error: Error) => {
    throw new Stopped('failed', `model.onnx: onnxruntime cannot load it: ${error.message}`);
  });
  try {
    const problems: Problem[] = [];
    const mapping = resolveOnnxMapping({ task: parent.task }, parent.features, parent.classes, file, problems, []);
    if (problems.length > 0) stop(new ProblemsError('challenger', problems));
    return { ...parent, onnx: mapping };
  } finally {
    await file.release();
  }
}

function stop(error: unknown): never {
  if (!(error instanceof ProblemsError)) throw error;
  throw new Stopped('failed', error.problems.map((p) => `${p.where}: ${p.message}`).join('; '));
}
