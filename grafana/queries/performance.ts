import { alertingSeries, chosenVersions } from './chosen.js';

const WINDOWS = `performance_windows
 where ${chosenVersions()} and ${alertingSeries()} and $__timeFilter(window_end)`;

/** Values of the chosen measure in a part of the report: of no class, of the positive class, or the mean over classes. */
function measured(part: string, field: string, name: string): string {
  return `select window_end as "time", 'version ' || model_version || ' ${name}' as metric, (measure ->> '${field}')::float8 as value
  from performance_windows join model_versions using (model_name, model_version),
       jsonb_array_elements(report -> '${part}' -> 'metrics') as measure
 where ${chosenVersions('performance_windows')} and ${alertingSeries()} and $__timeFilter(window_end)
   and measure ->> 'metric' = '\${measure}'
   and coalesce(measure ->> 'class', '') in ('', coalesce(manifest ->> 'positiveClass', 'macro'))`;
}

/** The chosen measure by window: of rows with an outcome with its 95 % interval, and as estimated without outcomes. */
export const performanceOverTime = `${measured('realised', 'value', 'real')}
union all
${measured('realised', 'low', 'real, low')}
union all
${measured('realised', 'high', 'real, high')}
union all
${measured('estimated', 'value', 'estimated')}
order by 1, 2`;

/** Share of rows whose outcome is known, by window. */
export const labelCoverage = `select window_end as "time", 'version ' || model_version as metric,
       labelled_rows::float8 / nullif(served_rows, 0) as value
  from ${WINDOWS}
 order by 1`;

/** How long outcomes took to arrive, by window. */
export const labelDelay = `select window_end as "time", delay.key as metric, delay.value::float8 as value
  from performance_windows, jsonb_each_text(nullif(report -> 'delaySeconds', 'null')) as delay
 where ${chosenVersions()} and ${alertingSeries()} and $__timeFilter(window_end)
 order by 1`;

/** PSI of the outcomes against the reference, and what it stays below by sampling alone, by window. */
export const labelShift = `select window_end as "time", shown.name as metric, (report -> 'labelShift' ->> shown.field)::float8 as value
  from performance_windows, (values ('psi', 'PSI of outcomes'), ('psiNullBand', 'by chance alone')) as shown (field, name)
 where ${chosenVersions()} and ${alertingSeries()} and $__timeFilter(window_end)
   and report -> 'labelShift' <> 'null'
 order by 1`;

/** Versions of the model, the newest first, and how each came about. */
export const versions = `select v.model_version as "version", v.state, v.created_at as "registered", p.promoted_at as "promoted",
       p.decided_by as "by", p.reason
  from model_versions v
  left join lateral (
    select * from promotions where model_name = v.model_name and to_version = v.model_version
     order by promotion_id desc limit 1) p on true
 where v.model_name = any (array[\${model:sqlstring}]::text[])
 order by v.model_version desc limit 50`;
