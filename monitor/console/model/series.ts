import type { Queryable } from '../../../core/postgres/pool.js';
import { segmentNames } from '../../../core/reference/segments.js';
import type { ModelVersion } from '../../../core/registry/versions.js';
import type { WindowPerformance } from '../../performance/window-performance.js';
import type { Verdict } from '../../verdicts/verdict.js';
import { namedWindows } from '../../windows/named-windows.js';

/** The newest window of one of a version's series. */
export interface ShownSeries {
  windowName: string;
  /** Empty for all rows. */
  segment: string;
  /** Whether its verdict is the model's. */
  alerts: boolean;
  windowStart: Date;
  windowEnd: Date;
  rowCount: number;
  verdict: Verdict;
  /** Names of the subjects that have this verdict, where it is a warning or drift; most drifted first. */
  moved: string[];
  performance: WindowPerformance | null;
}

/** Every series of a version but that of `monitoring.window` over all rows, as far as a window of it was decided. */
export async function loadOtherSeries(
  db: Queryable,
  { modelName, modelVersion, manifest }: ModelVersion,
): Promise<ShownSeries[]> {
  const windows = namedWindows(manifest.monitoring);
  const series = windows.flatMap(({ name, alerts }) =>
    segmentNames(manifest).map((segment) => ({ windowName: name, segment, alerts: alerts && segment === '' })),
  );
  const others = series.slice(1);
  if (others.length === 0) return [];
  const { rows } = await db.query<ShownSeries>(
    `select s.window_name as "windowName", s.segment, s.alerts, w.window_start as "windowStart",
            w.window_end as "windowEnd", w.row_count as "rowCount", w.verdict, p.report as performance,
            array(select v.subject from verdicts v
                   where (v.model_name, v.model_version, v.window_name, v.segment, v.window_start)
                       = (w.model_name, w.model_version, w.window_name, w.segment, w.window_start)
                     and v.verdict = w.verdict and w.verdict in ('warning', 'drift')
                   order by v.psi desc nulls last, v.subject) as moved
       from unnest($3::text[], $4::text[], $5::boolean[]) as s (window_name, segment, alerts)
      cross join lateral (
        select * from drift_windows d
         where (d.model_name, d.model_version, d.window_name, d.segment) = ($1, $2, s.window_name, s.segment)
         order by d.window_start desc limit 1) w
       left join performance_windows p
         on (p.model_name, p.model_version, p.window_name, p.segment, p.window_start)
          = (w.model_name, w.model_version, w.window_name, w.segment, w.window_start)`,
    [
      modelName,
      modelVersion,
      others.map((s) => s.windowName),
      others.map((s) => s.segment),
      others.map((s) => s.alerts),
    ],
  );
  return rows;
}
