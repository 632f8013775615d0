import type { Queryable } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { referencePerformanceOf, windowPerformance } from './describe-performance.js';
import { judgeLoss, LEAST_OUTCOMES } from './judge-loss.js';
import { loadSums } from './stored-sums.js';
import type { PerformanceVerdict, WindowPerformance } from './window-performance.js';

/** Rows of a version in event time [start, end), seconds since 1970, multiples of the shortest buckets' length. */
export interface Stretch {
  /** Of the series whose windows tell how many outcomes are to be expected. */
  windowName: string;
  segment: string;
  start: number;
  end: number;
  bucketSeconds: number;
  /** Windows that begin before it tell how many outcomes are to be expected. */
  coverageUntil: number;
}

/** How a version did in a stretch, and what its outcomes say. */
export interface MeasuredStretch {
  servedRows: number;
  labelledRows: number;
  verdict: PerformanceVerdict;
  report: WindowPerformance;
}

/** Part of the best label coverage from which on a window counts as complete, and how many windows back that is looked for. */
const COMPLETE = 0.5;
const COVERAGE_WINDOWS = 60;

/** Performance in any stretch of time: the sums of its buckets, and what they say. */
export async function loadStretchPerformance(
  db: Queryable,
  version: ModelVersion,
  stretch: Stretch,
): Promise<MeasuredStretch> {
  const served = await loadSums(db, version, 'served', stretch);
  const labelled = await loadSums(db, version, 'labelled', stretch);
  const report = windowPerformance(version, served, labelled);
  const servedRows = served?.sums[served.layout.rows] ?? 0;
  const labelledRows = labelled?.sums[labelled.layout.rows] ?? 0;
  const isComplete = labelledRows >= COMPLETE * (await loadBestCoverage(db, version, stretch)) * servedRows;
  const verdict = judgeLoss(version.manifest, referencePerformanceOf(version), report.realised, isComplete);
  return { servedRows, labelledRows, verdict, report };
}

/** The greatest share of rows with outcomes among the newest stored windows that begin before `coverageUntil`, of those that can be judged; 0 without any. */
async function loadBestCoverage(
  client: Queryable,
  { modelName, modelVersion }: ModelVersion,
  { windowName, segment, coverageUntil }: Stretch,
): Promise<number> {
  const { rows } = await client.query<{ best: number | null }>(
    `select max(labelled_rows::float8 / nullif(served_rows, 0)) as best
       from (select labelled_rows, served_rows from performance_windows
              where model_name = $1 and model_version = $2 and window_name = $3 and segment = $4
                and window_start < to_timestamp($5)
              order by window_start desc limit ${COVERAGE_WINDOWS}) before
      where labelled_rows >= ${LEAST_OUTCOMES}`,
    [modelName, modelVersion, windowName, segment, coverageUntil],
  );
  return rows[0]?.best ?? 0;
}
