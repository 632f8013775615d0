import { mean, median } from 'simple-statistics';
import type { PredictionBatch } from '../../core/inference/batch.js';
import type { Manifest, Metric } from '../../core/manifest/manifest.js';
import type { LabelledRows } from '../../core/project/reference.js';
import { createRandom } from '../../core/random.js';
import { pairedClusterBootstrap } from '../compare/bootstrap.js';
import { LEAST_CLUSTERS } from '../compare/checks.js';
import { RESAMPLES } from '../compare/compare.js';
import { rowContributions } from '../compare/row-contributions.js';
import { featureKeys } from './split.js';

/**
 * Whether what the champion has learned, its reference, misleads by now: on recent rows a guess that looks at no feature does
 * surely better by the manifest's metric (the paired 95 % interval lies above 0, from 30 distinct rows on). Never where a
 * class has no recent row: a model could not learn of it. The guess is fitted to the very rows, which favours it by about
 * (classes - 1) / (2 rows) nats of log loss.
 * @param champion  its answers to the rows
 */
export function isReferenceObsolete(
  manifest: Manifest,
  rows: LabelledRows,
  champion: PredictionBatch,
  seed: number,
): boolean {
  const present = new Set(rows.targets);
  if (manifest.classes.some((name) => !present.has(name))) return false;
  const { metric } = manifest.retraining;
  const { clusters, low } = pairedClusterBootstrap({
    metric,
    champion: rowContributions(manifest, metric, champion, rows.targets),
    challenger: rowContributions(manifest, metric, bestGuess(manifest.classes, metric, rows.targets), rows.targets),
    clusters: featureKeys(manifest, rows.instances),
    resamples: RESAMPLES,
    random: createRandom(seed),
  });
  return clusters >= LEAST_CLUSTERS && low > 0;
}

/** The one answer to all rows that does best on them: the most frequent class, the classes' shares, the median or the mean. */
function bestGuess(classes: string[], metric: Metric, targets: string[]): PredictionBatch {
  if (classes.length === 0) {
    const values = targets.map(Number);
    const value = metric === 'mae' ? median(values) : mean(values);
    return { rows: targets.length, values: new Float32Array(targets.length).fill(value) };
  }
  const counts = classes.map((name) => targets.filter((target) => target === name).length);
  const label = classes[counts.indexOf(Math.max(...counts))]!;
  const shares = counts.map((count) => count / targets.length);
  return {
    rows: targets.length,
    labels: targets.map(() => label),
    probabilities: Float32Array.from(targets.flatMap(() => shares)),
  };
}
