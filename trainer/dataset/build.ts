import type { PredictionBatch } from '../../core/inference/batch.js';
import { retrainingLimits } from '../../core/manifest/retraining-limits.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import { checkedAnswers } from '../../core/project/checked-answers.js';
import type { LabelledRows } from '../../core/project/reference.js';
import { getArtefact } from '../../core/registry/artefacts.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import type { RetrainContext } from '../context.js';
import { findLastResult } from '../jobs/find-runs.js';
import type { TrainingRun } from '../jobs/runs.js';
import { NotEnoughOutcomes } from '../stopped.js';
import { type Change, findChange } from './changed-since.js';
import { composeDataset, type RetrainingDataset } from './compose.js';
import { loadRecentRows, type RecentRows } from './recent-rows.js';
import { loadReferenceRows } from './reference-rows.js';

/**
 * Puts a training set together from the champion's reference and the recent labelled rows.
 * @throws NotEnoughOutcomes  fewer labelled rows than the manifest asks for, in all or since the last run on this champion
 * @throws Stopped  failed: nearly every recent row has the features of a held-out one
 */
export async function buildDataset(
  context: RetrainContext,
  run: TrainingRun,
  champion: ModelVersion,
): Promise<RetrainingDataset> {
  const { manifest, modelVersion } = champion;
  const { maximumRows, minimumOutcomes } = manifest.retraining;
  const change = await findChange(context.pool, champion);
  const since = change?.since;
  const withBroken = run.override !== null;
  const rows = await loadRecentRows(context.pool, { manifest, modelVersion, since, limit: maximumRows, withBroken });
  assertEnough(rows, minimumOutcomes, change);
  await assertNew(context, run, champion, rows);
  return composeDataset({
    manifest,
    rows,
    reference: await loadReferenceRows(context.pool, champion),
    origin: {
      parentVersion: modelVersion,
      seed: context.settings.TRAINER_SEED,
      changedSince: since?.toISOString() ?? null,
      change: change?.kind ?? null,
    },
    answer: (recent) => answerBy(context, champion, recent),
  });
}

async function answerBy(
  { pool }: RetrainContext,
  { manifest, modelDigest }: ModelVersion,
  { instances }: LabelledRows,
): Promise<PredictionBatch> {
  const onnx = await getArtefact(pool, modelDigest);
  return checkedAnswers('champion', onnx, manifest, encodeRows(manifest, instances), 'the recent rows');
}

function assertEnough(rows: RecentRows, wanted: number, change: Change | undefined): void {
  const found = rows.targets.length;
  if (found >= wanted) return;
  const began = { drift: 'the drift began', performance: 'performance fell' };
  const window = change
    ? ` since ${change.since.toISOString()}, the end of the window in which ${began[change.kind]}`
    : '';
  const unusable = rows.unusable > 0 ? `; ${rows.unusable} more have an outcome that cannot be used` : '';
  throw new NotEnoughOutcomes(
    `${found.toLocaleString('en')} of ${wanted.toLocaleString('en')} labelled rows${window}${unusable}`,
  );
}

/** What was compared once and kept the champion says the same again: another run needs rows that one had not. */
async function assertNew(
  { pool }: RetrainContext,
  run: TrainingRun,
  champion: ModelVersion,
  rows: RecentRows,
): Promise<void> {
  const last = await findLastResult(pool, run);
  const until = last?.dataset?.parentVersion === champion.modelVersion ? last.dataset.lastReceivedAt : undefined;
  if (typeof until !== 'string') return;
  const found = rows.receivedAt.filter((at) => at > new Date(until)).length;
  const wanted = retrainingLimits(champion.manifest.retraining).minimumNewOutcomes;
  if (found >= wanted) return;
  throw new NotEnoughOutcomes(
    `${found.toLocaleString('en')} of ${wanted.toLocaleString('en')} labelled rows that training run ${last!.trainingRunId} did not have`,
  );
}
