import { alertingSeries, chosenVersions } from './chosen.js';

/** SQL for a number as text, to four significant digits. */
function figure(value: string): string {
  return `trim_scale(round((${value})::numeric, 3 - floor(log(greatest(abs(${value}), 1e-9)))::int))::text`;
}

/**
 * Shares of rows by cell, at reference and in the newest window: the very cells that PSI is computed from, about ten
 * intervals of a number, or all categories, and what is missing. Of the chosen versions it is the champion, or the newest.
 * An interval is named by where it starts. The window is a sum of the longest buckets that lie inside it.
 * @param subject  SQL condition on `subject`, an element of the reference profile's subjects
 */
export function distribution(subject: string): string {
  return `with version as (
  select model_name, model_version, reference_profile from model_versions
   where ${chosenVersions()}
   order by (state = 'champion') desc, model_version desc limit 1
), placed as (
  select subject, cells, sum(cells) over (order by place) - cells as before, place
    from version, jsonb_array_elements(reference_profile -> 'subjects') with ordinality as list (subject, place),
         lateral (select 2 + jsonb_array_length(coalesce(subject -> 'categories', subject -> 'edges', '[]')) as cells) as length
), chosen as (
  select * from placed where ${subject} order by place limit 1
), newest as (
  select model_name, model_version, window_start, window_end from version join drift_windows using (model_name, model_version)
   where ${alertingSeries()} and $__timeFilter(window_end)
   order by window_start desc limit 1
), inside as (
  select s.*, bucket_start + make_interval(secs => bucket_seconds) as bucket_end
    from newest join summaries s using (model_name, model_version)
   where segment = '' and bucket_start >= window_start
     and bucket_start + make_interval(secs => bucket_seconds) <= window_end
), longest as (
  select counts from inside
   where not exists (
     select from inside longer
      where longer.bucket_seconds > inside.bucket_seconds
        and longer.bucket_start <= inside.bucket_start and longer.bucket_end >= inside.bucket_end)
), current as (
  select cell, sum(count)::float8 as rows
    from longest, chosen, unnest(counts[before + 1 : before + cells]) with ordinality as list (count, cell)
   group by cell
), fine as (
  select c.subject, c.cells, cell, reference.rows::float8 as reference, current.rows as current,
         case when c.subject ? 'coarse' and cell < c.cells then (c.subject -> 'coarse' ->> (cell - 1)::int)::int else cell end as part,
         (c.subject -> 'edges' ->> (cell - 2)::int)::float8 as starts, (c.subject -> 'edges' ->> (cell - 1)::int)::float8 as ends
    from chosen c, jsonb_array_elements_text(c.subject -> 'counts') with ordinality as reference (rows, cell)
    left join current using (cell)
), parts as (
  select min(cell) as place, sum(reference) as reference, sum(current) as current,
         case when min(cell) = max(cells) then 'missing'
              when bool_or(subject ? 'categories')
                then coalesce(min(subject -> 'categories' ->> (cell - 1)::int), 'unseen')
              when min(cell) = 1 then '< ' || ${figure('max(ends)')}
              when max(ends) - min(starts) < 1e-5 * abs(max(ends)) + 1e-11 then ${figure('(max(ends) + min(starts)) / 2')}
              else '≥ ' || ${figure('min(starts)')} end as part
    from fine group by fine.part, cell = cells
)
select part, reference / nullif(sum(reference) over (), 0) as "reference", current / nullif(sum(current) over (), 0) as "now"
  from parts
 where reference > 0 or current > 0
 order by place`;
}
