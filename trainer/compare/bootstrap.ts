import { quantileSorted } from 'simple-statistics';
import type { Metric } from '../../core/manifest/manifest.js';
import type { Random } from '../../core/random.js';
import { improvementOf, metricOf } from './row-contributions.js';

/** An interval of the improvement, in the metric's unit. */
export interface Interval {
  low: number;
  high: number;
}

/**
 * 95 % percentile interval of a paired cluster bootstrap (Efron & Tibshirani 1993, chapter 13; clusters: Field & Welsh 2007):
 * whole clusters are drawn with replacement, as many as there are, and both models are judged on the same draw. Rows of one
 * cluster are repetitions of one another and carry the information of about one row. Quantiles are of type 7.
 * With fewer than about 30 clusters the interval is too narrow; `decide` does not act on those.
 * @param champion, challenger  contributions by row, from `rowContributions`
 * @param clusters  by row, which cluster it belongs to
 * @throws RangeError  no rows, or lengths differ
 */
export function pairedClusterBootstrap(options: {
  metric: Metric;
  champion: Float64Array;
  challenger: Float64Array;
  clusters: string[];
  resamples: number;
  random: Random;
}): Interval & { clusters: number } {
  const { metric, resamples, random } = options;
  const sums = clusterSums(options);
  const count = sums.rows.length;
  const improvements = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    let rows = 0;
    let champion = 0;
    let challenger = 0;
    for (let draw = 0; draw < count; draw++) {
      const cluster = random.integer(count);
      rows += sums.rows[cluster]!;
      champion += sums.champion[cluster]!;
      challenger += sums.challenger[cluster]!;
    }
    improvements[resample] = improvementOf(
      metric,
      metricOf(metric, champion, rows),
      metricOf(metric, challenger, rows),
    );
  }
  const sorted = Array.from(improvements.sort());
  return { low: quantileSorted(sorted, 0.025), high: quantileSorted(sorted, 0.975), clusters: count };
}

function clusterSums({
  champion,
  challenger,
  clusters,
}: {
  champion: Float64Array;
  challenger: Float64Array;
  clusters: string[];
}): { rows: number[]; champion: number[]; challenger: number[] } {
  if (clusters.length === 0 || champion.length !== clusters.length || challenger.length !== clusters.length) {
    throw new RangeError(
      `pairedClusterBootstrap requires as many contributions as clusters, at least one: got ${champion.length}, ${challenger.length} and ${clusters.length}`,
    );
  }
  const index = new Map<string, number>();
  const sums = { rows: [] as number[], champion: [] as number[], challenger: [] as number[] };
  clusters.forEach((cluster, row) => {
    const at = index.get(cluster) ?? index.size;
    index.set(cluster, at);
    sums.rows[at] = (sums.rows[at] ?? 0) + 1;
    sums.champion[at] = (sums.champion[at] ?? 0) + champion[row]!;
    sums.challenger[at] = (sums.challenger[at] ?? 0) + challenger[row]!;
  });
  return sums;
}
