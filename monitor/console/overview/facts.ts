import { DEFAULT_WINDOW } from '../../../core/manifest/alerting-windows.js';
import type { Queryable } from '../../../core/postgres/pool.js';
import { RETURNED_AT } from '../../../core/registry/term.js';
import type { RaisedAlert } from '../../alerts/decide-alerts.js';
import { loadNewestPerformance, type PerformanceWindow } from '../../performance/window-performance.js';
import { metricOf, toPoint } from '../../reports/model-performance.js';
import type { MetricReport } from '../../reports/report.js';
import type { StoredWindow } from '../../verdicts/stored.js';
import type { ModelHead } from './heads.js';

// Each of these asks once for all models: the first page asks as often for a hundred of them as for one.

/** Start of the first of the windows of a series that have had the verdict of its newest without a break, by model. */
export async function loadSince(db: Queryable, windows: StoredWindow[]): Promise<Map<string, Date>> {
  const { rows } = await db.query<{ modelName: string; since: Date }>(
    `select s.model_name as "modelName", first.window_start as since
       from unnest($1::text[], $2::int[], $3::text[], $4::text[]) as s (model_name, model_version, window_name, verdict)
      cross join lateral (
        select max(window_start) as start from drift_windows d
         where (d.model_name, d.model_version, d.window_name, d.segment) = (s.model_name, s.model_version, s.window_name, '')
           and d.verdict <> s.verdict) other
      cross join lateral (
        select d.window_start from drift_windows d
         where (d.model_name, d.model_version, d.window_name, d.segment) = (s.model_name, s.model_version, s.window_name, '')
           and d.window_start > coalesce(other.start, '-infinity')
         order by d.window_start limit 1) first`,
    [
      windows.map((w) => w.modelName),
      windows.map((w) => w.modelVersion),
      windows.map((w) => w.windowName),
      windows.map((w) => w.verdict),
    ],
  );
  return new Map(rows.map(({ modelName, since }) => [modelName, since]));
}

/** The metric of comparisons in the newest window with outcomes, or else as estimated in the newest. */
export interface ShownPerformance {
  metric: string;
  realised: MetricReport | undefined;
  estimated: MetricReport | undefined;
}

/** How each champion does, by model; absent where nothing was computed. */
export async function loadPerformance(db: Queryable, heads: ModelHead[]): Promise<Map<string, ShownPerformance>> {
  const champions = heads.flatMap(({ modelName, champion }) => (champion ? [{ modelName, ...champion }] : []));
  const newest = await loadNewestPerformance(db, champions);
  const shown = (window: PerformanceWindow, metric: string): ShownPerformance => {
    const { realised, estimated } = toPoint(window);
    return { metric, realised: metricOf(realised, metric), estimated: metricOf(estimated, metric) };
  };
  return new Map(
    champions.flatMap(({ modelName, metric }) => {
      const window = newest.find((w) => w.modelName === modelName);
      return window ? [[modelName, shown(window, metric)] as const] : [];
    }),
  );
}

/** A loss of performance that the outcomes of a champion show. */
export interface Fall {
  /** Start of its first window. */
  since: Date;
  /** When the outcomes of a window first said so, which may be long after. */
  knownAt: Date;
}

/**
 * The loss of performance that shows in the outcomes of a champion, by model; absent where none does. The alert on it fires
 * for as long: a window says drop, and none since was ok.
 */
export async function loadFalls(db: Queryable, heads: ModelHead[]): Promise<Map<string, Fall>> {
  const champions = heads.flatMap(({ modelName, champion }) => (champion ? [{ modelName, ...champion }] : []));
  const { rows } = await db.query<Fall & { modelName: string }>(
    `select s.model_name as "modelName", min(p.window_start) as since,
            min(p.judged_at) filter (where p.verdict = 'drop') as "knownAt"
       from unnest($1::text[], $2::int[]) as s (model_name, model_version)
      cross join lateral (
        select coalesce(max(window_start), '-infinity') as start from performance_windows w
         where (w.model_name, w.model_version, w.window_name, w.segment) = (s.model_name, s.model_version, $3, '')
           and w.verdict = 'ok') calm
       join performance_windows p
         on (p.model_name, p.model_version, p.window_name, p.segment) = (s.model_name, s.model_version, $3, '')
        and p.verdict in ('warning', 'drop') and p.window_start > calm.start
        and p.window_end > coalesce((${RETURNED_AT}), '-infinity')
      group by s.model_name having bool_or(p.verdict = 'drop')`,
    [champions.map((c) => c.modelName), champions.map((c) => c.modelVersion), DEFAULT_WINDOW],
  );
  return new Map(rows.map(({ modelName, ...fall }) => [modelName, fall]));
}

/** Alerts that fire. */
export async function loadFiring(db: Queryable, modelNames: string[]): Promise<RaisedAlert[]> {
  const { rows } = await db.query<RaisedAlert>(
    `select fingerprint, starts_at as "startsAt", alert_name as "alertName", model_name as "modelName",
            model_version as "modelVersion", annotations, ends_at as "endsAt", last_sent_at as "lastSentAt"
       from alerts where model_name = any($1) and ends_at is null order by starts_at desc, fingerprint`,
    [modelNames],
  );
  return rows;
}
