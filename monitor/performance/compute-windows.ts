import { DELAY_BINS, sumsLayout } from '../../core/performance/layout.js';
import { type Pool, type Queryable, withTransaction } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { checkCalibration } from './calibration-check.js';
import { classMetrics } from './class-metrics.js';
import { delayQuantiles } from './delay-quantiles.js';
import { expectedOfLabelled } from './expected-of-labelled.js';
import { expectedValues } from './expected-values.js';
import { judgeLoss, LEAST_OUTCOMES } from './judge-loss.js';
import { labelShift } from './label-shift.js';
import { lockPerformance } from './lock-performance.js';
import { performanceLoss } from './performance-loss.js';
import { loadSums } from './stored-sums.js';
import { valueMetrics } from './value-metrics.js';
import type { Performance, WindowPerformance } from './window-performance.js';

type Sums = NonNullable<Awaited<ReturnType<typeof loadSums>>>;

/** A decided window whose performance is to be computed. Times are seconds since 1970. */
interface OpenWindow {
  windowName: string;
  segment: string;
  start: number;
  end: number;
}

/** Most windows computed in one transaction. */
const MOST_WINDOWS = 100;
/** Part of the best label coverage from which on a window counts as complete, and how many windows back that is looked for. */
const COMPLETE = 0.5;
const COVERAGE_WINDOWS = 60;

/**
 * Computes and stores the performance of every decided window of a version that has none yet, or whose sums have changed.
 * @returns how many windows that were
 */
export async function computePerformance(options: {
  pool: Pool;
  version: ModelVersion;
  bucketSeconds: number;
  now: Date;
}): Promise<number> {
  let total = 0;
  for (;;) {
    const computed = await computeSome(options);
    total += computed;
    if (computed < MOST_WINDOWS) return total;
  }
}

async function computeSome(options: {
  pool: Pool;
  version: ModelVersion;
  bucketSeconds: number;
  now: Date;
}): Promise<number> {
  const { pool, version, bucketSeconds, now } = options;
  const { modelName, modelVersion } = version;
  return withTransaction(pool, async (client) => {
    await lockPerformance(client, modelName);
    const { rows: windows } = await client.query<OpenWindow>(
      `select d.window_name as "windowName", d.segment, extract(epoch from d.window_start)::float8 as start,
              extract(epoch from d.window_end)::float8 as end
         from drift_windows d
         left join performance_windows p using (model_name, model_version, window_name, segment, window_start)
        where model_name = $1 and model_version = $2 and (p.model_name is null or p.stale)
        order by d.window_start limit ${MOST_WINDOWS}`,
      [modelName, modelVersion],
    );
    const reference = referencePerformanceOf(version);
    for (const window of windows) {
      const served = await loadSums(client, version, 'served', { ...window, bucketSeconds });
      const labelled = await loadSums(client, version, 'labelled', { ...window, bucketSeconds });
      const report = windowPerformance(version, served, labelled);
      const servedRows = served?.sums[served.layout.rows] ?? 0;
      const labelledRows = labelled?.sums[labelled.layout.rows] ?? 0;
      const complete = COMPLETE * (await loadBestCoverage(client, version, window));
      await client.query(
        `insert into performance_windows (model_name, model_version, window_name, segment, window_start, window_end,
           served_rows, labelled_rows, verdict, report, computed_at, judged_at, stale)
         values ($1, $2, $3, $4, to_timestamp($5), to_timestamp($6), $7, $8, $9, $10, $11, $11, false)
         on conflict (model_name, model_version, window_name, segment, window_start) do update
            set served_rows = excluded.served_rows, labelled_rows = excluded.labelled_rows, verdict = excluded.verdict,
                report = excluded.report, computed_at = excluded.computed_at, stale = false,
                judged_at = case performance_windows.verdict when excluded.verdict then performance_windows.judged_at
                            else excluded.judged_at end`,
        [
          modelName,
          modelVersion,
          window.windowName,
          window.segment,
          window.start,
          window.end,
          servedRows,
          labelledRows,
          judgeLoss(version.manifest, reference, report.realised, labelledRows >= complete * servedRows),
          JSON.stringify(report),
          now,
        ],
      );
    }
    return windows.length;
  });
}

/** The greatest share of rows with outcomes among the stored windows just before one, of those that can be judged; 0 without any. */
async function loadBestCoverage(
  client: Queryable,
  { modelName, modelVersion }: ModelVersion,
  { windowName, segment, start }: OpenWindow,
): Promise<number> {
  const { rows } = await client.query<{ best: number | null }>(
    `select max(labelled_rows::float8 / nullif(served_rows, 0)) as best
       from (select labelled_rows, served_rows from performance_windows
              where model_name = $1 and model_version = $2 and window_name = $3 and segment = $4
                and window_start < to_timestamp($5)
              order by window_start desc limit ${COVERAGE_WINDOWS}) before
      where labelled_rows >= ${LEAST_OUTCOMES}`,
    [modelName, modelVersion, windowName, segment, start],
  );
  return rows[0]?.best ?? 0;
}

/** What sums of the served and of the labelled rows of a window say; either is undefined without rows. */
export function windowPerformance(
  version: Pick<ModelVersion, 'manifest' | 'referencePerformance'>,
  served: Sums | undefined,
  labelled: Sums | undefined,
): WindowPerformance {
  const { manifest, referencePerformance: frozen } = version;
  if (!frozen) return NOTHING_KNOWN;
  const classes = labelled?.layout.classes;
  const estimated = served ? estimatedOf(version, served) : null;
  return {
    realised: labelled ? realisedOf(version, labelled) : null,
    estimated,
    estimatedLoss: performanceLoss(manifest.retraining.metric, referencePerformanceOf(version), estimated) ?? null,
    estimatedOfLabelled: labelled ? expectedOfLabelled(version, labelled.layout, labelled.sums) : null,
    calibration: labelled && classes ? checkCalibration(classes, labelled.sums) : null,
    labelShift: labelled ? labelShift(manifest, frozen, labelled.layout, labelled.sums) : null,
    delaySeconds: labelled
      ? delayQuantiles(labelled.sums.subarray(labelled.layout.delays, labelled.layout.delays + DELAY_BINS))
      : null,
    unusableOutcomes: labelled?.sums[labelled.layout.unusable] ?? 0,
  };
}

const NOTHING_KNOWN: WindowPerformance = {
  realised: null,
  estimated: null,
  estimatedLoss: null,
  estimatedOfLabelled: null,
  calibration: null,
  labelShift: null,
  delaySeconds: null,
  unusableOutcomes: 0,
};

function realisedOf(
  { manifest, referencePerformance }: Pick<ModelVersion, 'manifest' | 'referencePerformance'>,
  { layout, sums }: Sums,
): Performance | null {
  if (layout.classes) return classMetrics(manifest, layout.classes, sums);
  return valueMetrics(referencePerformance!, layout.values!, sums);
}

/** The estimate rests on the window's rows and on the reference's: together they are worth n N / (n + N) rows. */
function estimatedOf(
  { manifest, referencePerformance }: Pick<ModelVersion, 'manifest' | 'referencePerformance'>,
  { layout, sums }: Sums,
): Performance | null {
  const frozen = referencePerformance!;
  const evidence = frozen.rows / (frozen.rows + sums[layout.rows]!);
  if (layout.classes) return classMetrics(manifest, layout.classes, sums, evidence);
  return expectedValues(frozen, layout.values!, sums, evidence);
}

/** How a version did on the rows it was frozen with; null for one registered without. */
export function referencePerformanceOf(
  version: Pick<ModelVersion, 'manifest' | 'referencePerformance'>,
): WindowPerformance['realised'] {
  const { manifest, referencePerformance: frozen } = version;
  return frozen
    ? realisedOf(version, { layout: sumsLayout(manifest, frozen), sums: Float64Array.from(frozen.sums) })
    : null;
}
