import { DEFAULT_WINDOW } from '../../../core/manifest/alerting-windows.js';
import type { Queryable } from '../../../core/postgres/pool.js';
import { RETURNED_AT } from '../../../core/registry/term.js';
import { percent } from '../../html/format.js';
import type { PerformanceLoss } from '../../performance/window-performance.js';
import type { ModelHead } from './heads.js';

/** A loss of performance that is estimated, without an outcome that shows it. */
export interface EstimatedLoss extends Pick<PerformanceLoss, 'value' | 'atLeast'> {
  /** Start of the first of its windows, as far back as is looked. */
  since: Date;
  /** The loss from which people are told. */
  allowed: number;
}

/** Windows that are looked back at. */
const RECENT_WINDOWS = 30;

/**
 * The loss of each champion's newest window as it is estimated, by model; absent where the manifest allows it. It begins and ends
 * as the alert `PerformanceDrop` of the source `estimated` does: with a whole interval beyond what is allowed, and with a
 * loss that is not. Asks once for all models.
 */
export async function loadEstimatedLosses(db: Queryable, heads: ModelHead[]): Promise<Map<string, EstimatedLoss>> {
  const champions = heads.flatMap(({ modelName, champion }) => (champion ? [{ modelName, ...champion }] : []));
  const { rows } = await db.query<{ modelName: string; start: Date; loss: PerformanceLoss | null }>(
    `select s.model_name as "modelName", recent.window_start as start, recent.report->'estimatedLoss' as loss
       from unnest($1::text[], $2::int[]) as s (model_name, model_version)
      cross join lateral (
        select window_start, report from performance_windows p
         where (p.model_name, p.model_version, p.window_name, p.segment) = (s.model_name, s.model_version, $3, '')
           and p.window_end > coalesce((${RETURNED_AT}), '-infinity')
         order by window_start desc limit ${RECENT_WINDOWS}) recent
      order by recent.window_start desc`,
    [champions.map((c) => c.modelName), champions.map((c) => c.modelVersion), DEFAULT_WINDOW],
  );
  return new Map(
    champions.flatMap(({ modelName, allowedLoss: allowed }) => {
      const own = rows.filter((row) => row.modelName === modelName);
      const end = own.findIndex(({ loss }) => !loss || loss.value <= allowed);
      const worse = end < 0 ? own : own.slice(0, end);
      const newest = worse[0]?.loss;
      if (!newest || !worse.some(({ loss }) => (loss?.atLeast ?? 0) > allowed)) return [];
      return [
        [modelName, { since: worse.at(-1)!.start, value: newest.value, atLeast: newest.atLeast, allowed }] as const,
      ];
    }),
  );
}

/** An estimated loss as a sentence with its figures. */
export function estimatedLossWords({ value, atLeast, allowed }: EstimatedLoss): string {
  const least = atLeast !== null && atLeast > 0 ? `, at least ${percent(atLeast)} by the 95 % interval` : '';
  return `It is estimated, not known by outcomes, to do ${percent(value)} worse than at registration${least}; ${percent(allowed)} is allowed.`;
}
