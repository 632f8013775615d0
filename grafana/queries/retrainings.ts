/** What was done about alerts, the newest first: the challenger against the champion on the same rows, and the reason in words. */
export const retrainings = `select coalesce(finished_at, updated_at) as "time", model_name as "model", alert_name as "alert", state,
       champion_version as "champion", candidate_version as "challenger", comparison ->> 'metric' as "measure",
       (comparison ->> 'champion')::float8 as "champion's", (comparison ->> 'challenger')::float8 as "challenger's",
       (comparison ->> 'improvement')::float8 as "better by", (comparison -> 'interval' ->> 'low')::float8 as "at least",
       (comparison -> 'interval' ->> 'high')::float8 as "at most", (comparison ->> 'rows')::int as "rows", reason
  from training_runs
 where $__timeFilter(updated_at) and model_name = any (array[\${model:sqlstring}]::text[])
 order by created_at desc limit 50`;

/** The same in fewer columns. */
export const retrainingsInShort = `select coalesce(finished_at, updated_at) as "time", model_name as "model", alert_name as "alert",
       state, candidate_version as "challenger", reason
  from training_runs
 where $__timeFilter(updated_at) and model_name = any (array[\${model:sqlstring}]::text[])
 order by created_at desc limit 20`;
