import { sliceBatch } from '../../core/inference/infer-all.js';
import type { Manifest, Metric } from '../../core/manifest/manifest.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import type { LabelledRows } from '../../core/project/reference.js';
import { createRandom } from '../../core/random.js';
import { createFindSegments, segmentNames } from '../../core/reference/segments.js';
import { type Interval, pairedClusterBootstrap } from './bootstrap.js';
import { improvementOf, metricOf } from './row-contributions.js';

/** How champion and challenger did on one part of the held-out rows. */
export interface SegmentComparison {
  /** Such as `country=DE`. */
  segment: string;
  rows: number;
  clusters: number;
  champion: number;
  challenger: number;
  /** Positive: the challenger is better. */
  improvement: number;
  interval: Interval;
}

/** Compares two models on each segment of the manifest that has rows. @param options.clusters, champion, challenger  by row */
export function compareSegments(options: {
  manifest: Manifest;
  rows: LabelledRows;
  metric: Metric;
  champion: Float64Array;
  challenger: Float64Array;
  clusters: string[];
  resamples: number;
  seed: number;
}): SegmentComparison[] {
  const { manifest, metric, resamples, seed } = options;
  if (!manifest.monitoring?.segments) return [];
  return segmentRows(manifest, options.rows).flatMap(({ segment, rows }): SegmentComparison[] => {
    if (rows.length === 0) return [];
    const champion = Float64Array.from(rows, (row) => options.champion[row]!);
    const challenger = Float64Array.from(rows, (row) => options.challenger[row]!);
    const { clusters, ...interval } = pairedClusterBootstrap({
      metric,
      champion,
      challenger,
      clusters: rows.map((row) => options.clusters[row]!),
      resamples,
      random: createRandom(seed),
    });
    const scores = [champion, challenger].map((c) =>
      metricOf(
        metric,
        c.reduce((sum, v) => sum + v, 0),
        rows.length,
      ),
    );
    return [
      {
        segment,
        rows: rows.length,
        clusters,
        champion: scores[0]!,
        challenger: scores[1]!,
        improvement: improvementOf(metric, scores[0]!, scores[1]!),
        interval,
      },
    ];
  });
}

function segmentRows(manifest: Manifest, { instances }: LabelledRows): { segment: string; rows: number[] }[] {
  const parts = segmentNames(manifest).map((segment) => ({ segment, rows: [] as number[] }));
  const find = createFindSegments(manifest);
  const batch = encodeRows(manifest, instances);
  for (let row = 0; row < batch.rows; row++) {
    for (const part of find(sliceBatch(manifest, batch, row, row + 1))) parts[part]!.rows.push(row);
  }
  // The first stands for all rows, which are compared already.
  return parts.slice(1);
}
