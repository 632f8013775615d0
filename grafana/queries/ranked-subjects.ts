import { alertingSeries, chosenVersions } from './chosen.js';

/**
 * What the newest window says of each feature, the one that moved furthest beyond its threshold first.
 * `times threshold` is the largest effect of any method over its threshold: from 1 on the change matters.
 */
export const rankedFeatures = `with newest as (
  select * from drift_windows
   where ${chosenVersions()} and ${alertingSeries()} and $__timeFilter(window_end)
   order by window_start desc, model_version desc limit 1
), ranked as (
  select v.*, (select max((effect ->> 'value')::float8 / nullif((effect ->> 'threshold')::float8, 0))
                 from jsonb_array_elements(v.statistics) as effect) as beyond,
         (select (part ->> 'importance')::float8
            from model_versions r, jsonb_array_elements(r.reference_profile -> 'subjects') as part
           where r.model_name = v.model_name and r.model_version = v.model_version
             and part ->> 'kind' = v.kind and part ->> 'name' = v.subject) as importance
    from newest join verdicts v using (model_name, model_version, window_name, segment, window_start)
   where v.kind = 'feature'
)
select subject as "feature", verdict, beyond as "times threshold", importance, psi as "PSI", ks_statistic as "KS", reason
  from ranked
 order by beyond desc nulls last, importance desc nulls last, subject`;
