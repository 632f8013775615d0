/** Rows stored a time step, by model and version, in the time of their requests. */
export const storedRows = `select $__timeGroupAlias(first_requested_at, $__interval),
       model_name || ' version ' || model_version as metric, sum(row_count)::float8 as value
  from capture_batches
 where $__timeFilter(first_requested_at) and model_name = any (array[\${model:sqlstring}]::text[]) and model_version::text = any (array[\${version:sqlstring}]::text[])
 group by 1, 2 order by 1`;
