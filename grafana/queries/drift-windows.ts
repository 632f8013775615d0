import { alertingSeries, chosenVersions } from './chosen.js';

/** Decided windows, the newest first; `window` is what a report takes. */
export const decidedWindows = `select window_end as "closed", model_version as "version", verdict, row_count as "rows",
       cause ->> 'kind' as "looks like", cause ->> 'summary' as "why",
       to_char(window_start at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || '/'
         || to_char(window_end at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "window"
  from drift_windows
 where ${chosenVersions()} and ${alertingSeries()} and $__timeFilter(window_end)
 order by window_start desc limit 30`;

/** Stored predictions, the newest first, those outside the manifest's ranges before the others. No feature values. */
export const recentPredictions = `select prediction_id as "prediction", requested_at as "time", model_version as "version",
       coalesce(label, value::text) as "answer", array_to_string(out_of_range, ', ') as "out of range", trace_id as "trace"
  from (select * from predictions
         where ${chosenVersions()} and source = 'live' and $__timeFilter(requested_at)
         order by requested_at desc limit 1000) as recent
 order by cardinality(out_of_range) > 0 desc, trace_id is not null desc, requested_at desc limit 20`;
