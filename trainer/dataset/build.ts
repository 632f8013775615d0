import type { Manifest } from '../../core/manifest/manifest.js';
import { fitPreparation } from '../../core/preparation/fit.js';
import type { LabelledRows } from '../../core/project/reference.js';
import { digestOf } from '../../core/registry/artefacts.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import type { TrainingRows } from '../../core/training/contract.js';
import type { RetrainContext } from '../context.js';
import { NotEnoughOutcomes, Stopped } from '../stopped.js';
import { findDriftedSince } from './drift-streak.js';
import { loadRecentRows, type RecentRows } from './recent-rows.js';
import { loadReferenceRows } from './reference-rows.js';
import { splitByTime, withoutRepeated } from './split.js';

/** Share of the recent rows, the newest, that champion and challenger are compared on. */
const HELD_OUT_SHARE = 0.3;
/**
 * The recent rows together weigh this many times the reference rows: what is true now decides, and the reference keeps the
 * challenger from forgetting regions that recent traffic happens not to visit.
 */
const RECENT_TO_REFERENCE = 3;
/** With fewer recent rows than this left to learn from, a challenger would be the champion's copy. */
const LEAST_TRAINING_ROWS = 20;

/** What a retraining works on. Rows hold raw inputs where the manifest has any. */
export interface RetrainingDataset {
  /** The champion's manifest, its preparation fitted anew on the training rows. */
  manifest: Manifest;
  /** Reference and recent rows with their weights; none has the features of a held-out row. */
  training: TrainingRows;
  reference: LabelledRows;
  /** All recent rows that are not held out, as they came, repetitions included: the population of the new reference. */
  recent: LabelledRows;
  heldOut: LabelledRows;
  summary: DatasetSummary;
}

/** What a dataset was made of, for the record. */
export interface DatasetSummary {
  parentVersion: number;
  seed: number;
  /** From when on the rows are of the drifted population; null when no drift is under way. */
  driftSince: string | null;
  firstRequestedAt: string;
  lastRequestedAt: string;
  recentTrainingRows: number;
  referenceRows: number;
  heldOutRows: number;
  /** Training rows left out because a held-out row has the same features. */
  repeatedRows: number;
  unusableOutcomes: number;
  /** Weight of one recent row; a reference row weighs 1. */
  recentWeight: number;
  heldOutDigest: string;
}

/**
 * Puts a training set together from the champion's reference and the recent labelled rows.
 * @throws NotEnoughOutcomes  fewer labelled rows than the manifest asks for
 * @throws Stopped  failed: nearly every recent row has the features of a held-out one
 */
export async function buildDataset(context: RetrainContext, champion: ModelVersion): Promise<RetrainingDataset> {
  const { manifest, modelVersion } = champion;
  const { maximumRows, minimumOutcomes } = manifest.retraining;
  const since = await findDriftedSince(context.pool, manifest.name, modelVersion);
  const rows = await loadRecentRows(context.pool, { manifest, modelVersion, since, limit: maximumRows });
  assertEnough(rows, minimumOutcomes, since);
  const { earlier, heldOut } = splitByTime(rows, HELD_OUT_SHARE);
  const reference = await loadReferenceRows(context.pool, champion);
  const recentToLearn = withoutRepeated(manifest, earlier, heldOut);
  const referenceToLearn = withoutRepeated(manifest, reference, heldOut);
  const recentRows = recentToLearn.targets.length;
  const referenceRows = referenceToLearn.targets.length;
  if (recentRows < LEAST_TRAINING_ROWS) {
    throw new Stopped(
      'failed',
      `only ${recentRows} of ${earlier.targets.length} recent rows have features that no held-out row has; raise retraining.minimumOutcomes`,
    );
  }
  const recentWeight = referenceRows === 0 ? 1 : (RECENT_TO_REFERENCE * referenceRows) / recentRows;
  const training = {
    instances: [...referenceToLearn.instances, ...recentToLearn.instances],
    targets: [...referenceToLearn.targets, ...recentToLearn.targets],
    weights: [...referenceToLearn.targets.map(() => 1), ...recentToLearn.targets.map(() => recentWeight)],
  };
  return {
    manifest: fitPreparation(manifest, training),
    training,
    reference,
    recent: earlier,
    heldOut,
    summary: {
      parentVersion: modelVersion,
      seed: context.settings.TRAINER_SEED,
      driftSince: since?.toISOString() ?? null,
      firstRequestedAt: rows.requestedAt[0]!.toISOString(),
      lastRequestedAt: rows.requestedAt.at(-1)!.toISOString(),
      recentTrainingRows: recentRows,
      referenceRows,
      heldOutRows: heldOut.targets.length,
      repeatedRows: earlier.targets.length + reference.targets.length - recentRows - referenceRows,
      unusableOutcomes: rows.unusable,
      recentWeight,
      heldOutDigest: digestOf(Buffer.from(JSON.stringify(heldOut))),
    },
  };
}

function assertEnough(rows: RecentRows, wanted: number, since: Date | undefined): void {
  const found = rows.targets.length;
  if (found >= wanted) return;
  const window = since ? ` since ${since.toISOString()}, the end of the window in which the drift began` : '';
  const unusable = rows.unusable > 0 ? `; ${rows.unusable} more have an outcome that cannot be used` : '';
  throw new NotEnoughOutcomes(
    `${found.toLocaleString('en')} of ${wanted.toLocaleString('en')} labelled rows${window}${unusable}`,
  );
}
