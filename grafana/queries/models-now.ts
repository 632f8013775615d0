/** A row a model: its champion, the newest verdict on it, how it does, and what was last done about it. */
export const modelsNow = `select m.model_name as "model", m.champion_version as "version", w.verdict as "verdict",
       w.cause ->> 'kind' as "looks like", w.window_end as "window closed", w.row_count as "rows",
       p.labelled_rows::float8 / nullif(p.served_rows, 0) as "labels", r.state as "last retraining",
       moved.promoted_at as "champion since"
  from models m
  left join lateral (
    select * from drift_windows
     where model_name = m.model_name and model_version = m.champion_version and window_name = 'default' and segment = ''
     order by window_start desc limit 1) w on true
  left join lateral (
    select * from performance_windows
     where model_name = m.model_name and model_version = m.champion_version and window_name = 'default' and segment = ''
     order by window_start desc limit 1) p on true
  left join lateral (
    select state from training_runs where model_name = m.model_name order by created_at desc limit 1) r on true
  left join lateral (
    select promoted_at from promotions where model_name = m.model_name order by promotion_id desc limit 1) moved on true
 where m.model_name = any (array[\${model:sqlstring}]::text[])
 order by array_position(array['drift', 'warning', 'insufficient-data', 'ok'], w.verdict), m.model_name`;
