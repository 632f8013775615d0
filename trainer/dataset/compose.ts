import type { PredictionBatch } from '../../core/inference/batch.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import { fitPreparation } from '../../core/preparation/fit.js';
import type { LabelledRows } from '../../core/project/reference.js';
import { LEAST_REFERENCE_ROWS } from '../../core/reference/least-rows.js';
import { digestOf } from '../../core/registry/artefacts.js';
import type { TrainingRows } from '../../core/training/contract.js';
import { LEAST_CLUSTERS } from '../compare/checks.js';
import { Stopped } from '../stopped.js';
import type { Change } from './changed-since.js';
import { isReferenceObsolete } from './is-reference-obsolete.js';
import type { RecentRows } from './recent-rows.js';
import { splitByTime, withoutRepeated } from './split.js';

/** Share of the recent rows, the newest, that champion and challenger are compared on. */
const HELD_OUT_SHARE = 0.3;
/**
 * Of 50 to 99 recent rows that share is less than a comparison needs, and less than a reference of predictions: they would be
 * learned from for nothing.
 */
const LEAST_HELD_OUT = Math.max(LEAST_CLUSTERS, LEAST_REFERENCE_ROWS);
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
  /** Recent rows, and reference rows unless those mislead, with their weights; none has the features of a held-out row. */
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
  /** From when on the rows are of what is to be learned, and what tells so; null when no change is under way. */
  changedSince: string | null;
  change: Change['kind'] | null;
  firstRequestedAt: string;
  lastRequestedAt: string;
  recentTrainingRows: number;
  /** Reference rows that are learned from: 0 where they mislead. */
  referenceRows: number;
  /** Whether all were left out: a loss of performance is the latest change, and a guess does better than the champion by now. */
  referenceLeftOut: boolean;
  heldOutRows: number;
  /** Training rows left out because a held-out row has the same features. */
  repeatedRows: number;
  unusableOutcomes: number;
  /** When the latest of the outcomes came; what comes later is new to the next run. */
  lastReceivedAt: string;
  /** Weight of one recent row; a reference row weighs 1. 1 without reference rows. */
  recentWeight: number;
  heldOutDigest: string;
}

/** What a training set is put together from. */
export interface DatasetParts {
  /** Of the champion. */
  manifest: Manifest;
  /** The recent labelled rows, oldest first. */
  rows: RecentRows;
  /** Of the champion. */
  reference: LabelledRows;
  origin: Pick<DatasetSummary, 'parentVersion' | 'seed' | 'changedSince' | 'change'>;
  /** Has the champion answer rows; asked only where a loss of performance is the latest change. */
  answer: (rows: LabelledRows) => Promise<PredictionBatch>;
}

/**
 * Puts a training set together: the newest recent rows are held out by time, and neither a recent nor a reference row with the
 * features of a held-out one is learned from. Where a loss of performance by outcomes is the latest change, the reference is left
 * out as a whole if it misleads, see `isReferenceObsolete`: the recent rows before the held-out ones decide that.
 * @throws Stopped  failed: nearly every recent row has the features of a held-out one
 */
export async function composeDataset(parts: DatasetParts): Promise<RetrainingDataset> {
  const { manifest, rows, reference, origin, answer } = parts;
  const { earlier, heldOut } = splitByTime(rows, { share: HELD_OUT_SHARE, least: LEAST_HELD_OUT });
  const recentToLearn = withoutRepeated(manifest, earlier, heldOut);
  const recentRows = recentToLearn.targets.length;
  if (recentRows < LEAST_TRAINING_ROWS) {
    throw new Stopped(
      'failed',
      `only ${recentRows} of ${earlier.targets.length} recent rows have features that no held-out row has; raise retraining.minimumOutcomes`,
    );
  }
  const referenceLeftOut =
    origin.change === 'performance' &&
    isReferenceObsolete(manifest, recentToLearn, await answer(recentToLearn), origin.seed);
  const unrepeated = withoutRepeated(manifest, reference, heldOut);
  const referenceToLearn = referenceLeftOut ? { instances: [], targets: [] } : unrepeated;
  const referenceRows = referenceToLearn.targets.length;
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
      ...origin,
      firstRequestedAt: rows.requestedAt[0]!.toISOString(),
      lastRequestedAt: rows.requestedAt.at(-1)!.toISOString(),
      recentTrainingRows: recentRows,
      referenceRows,
      referenceLeftOut,
      heldOutRows: heldOut.targets.length,
      repeatedRows: earlier.targets.length + reference.targets.length - recentRows - unrepeated.targets.length,
      unusableOutcomes: rows.unusable,
      lastReceivedAt: rows.lastReceivedAt.toISOString(),
      recentWeight,
      heldOutDigest: digestOf(Buffer.from(JSON.stringify(heldOut))),
    },
  };
}
