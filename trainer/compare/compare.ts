import type { PredictionBatch } from '../../core/inference/batch.js';
import type { Manifest, Metric } from '../../core/manifest/manifest.js';
import type { LabelledRows } from '../../core/project/reference.js';
import { createRandom } from '../../core/random.js';
import { featureKeys } from '../dataset/split.js';
import { agreementRate } from './agreement.js';
import { type Interval, pairedClusterBootstrap } from './bootstrap.js';
import { expectedCalibrationError } from './calibration.js';
import { improvementOf, metricOf, rowContributions } from './row-contributions.js';
import { compareSegments, type SegmentComparison } from './segments.js';

/** Enough for the 2.5 % quantile to rest on 50 draws (Efron & Tibshirani 1993 advise 1,000 to 2,000). */
export const RESAMPLES = 2_000;

/** How champion and challenger did on the same held-out rows. */
export interface Comparison {
  metric: Metric;
  /** The metric of each, in its unit. */
  champion: number;
  challenger: number;
  /** Positive: the challenger is better. */
  improvement: number;
  /** 95 % interval of the improvement. */
  interval: Interval;
  rows: number;
  /** Distinct feature vectors among the rows: what the bootstrap draws. */
  clusters: number;
  resamples: number;
  agreementRate: number;
  /** The parts of the rows that the manifest names; none where it names none. */
  segments: SegmentComparison[];
  /** Expected calibration error of each; null where they answer no probabilities. */
  calibration: { champion: number; challenger: number } | null;
}

/** Compares two models by their answers to the same rows; the same seed gives the same interval. */
export function compareAnswers(options: {
  manifest: Manifest;
  rows: LabelledRows;
  champion: PredictionBatch;
  challenger: PredictionBatch;
  seed: number;
}): Comparison {
  const { manifest, rows, seed } = options;
  const { metric } = manifest.retraining;
  const champion = rowContributions(manifest, metric, options.champion, rows.targets);
  const challenger = rowContributions(manifest, metric, options.challenger, rows.targets);
  const keys = featureKeys(manifest, rows.instances);
  const contributions = { metric, champion, challenger, clusters: keys };
  const drawn = { ...contributions, resamples: RESAMPLES, random: createRandom(seed) };
  const { clusters, ...interval } = pairedClusterBootstrap(drawn);
  const scoreOf = (contributions: Float64Array): number =>
    metricOf(
      metric,
      contributions.reduce((sum, c) => sum + c, 0),
      contributions.length,
    );
  return {
    metric,
    champion: scoreOf(champion),
    challenger: scoreOf(challenger),
    improvement: improvementOf(metric, scoreOf(champion), scoreOf(challenger)),
    interval,
    rows: rows.targets.length,
    clusters,
    resamples: RESAMPLES,
    agreementRate: agreementRate(options.champion, options.challenger, rows.targets),
    segments: compareSegments({ ...contributions, manifest, rows, seed, resamples: RESAMPLES }),
    calibration: compareCalibration(options),
  };
}

function compareCalibration({
  manifest,
  rows: { targets },
  champion,
  challenger,
}: Parameters<typeof compareAnswers>[0]): Comparison['calibration'] {
  if (!champion.probabilities || !challenger.probabilities) return null;
  return {
    champion: expectedCalibrationError(manifest, champion, targets),
    challenger: expectedCalibrationError(manifest, challenger, targets),
  };
}
