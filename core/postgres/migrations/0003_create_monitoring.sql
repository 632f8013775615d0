create table summaries (
  model_name text not null,
  model_version integer not null,
  segment text not null default '',
  bucket_seconds integer not null,
  bucket_start timestamptz not null,
  row_count bigint not null,
  counts bigint[] not null,
  primary key (model_name, model_version, segment, bucket_seconds, bucket_start)
);
comment on table summaries is 'Counts of live rows over the frozen reference cells, by event-time bucket: mergeable, so any window is a sum. The same rows stand in short buckets and again in longer ones, so that a long window is a sum of few.';
comment on column summaries.segment is 'The part of the rows that is counted, as feature=value; empty for all rows.';
comment on column summaries.counts is 'The cells of every subject of the reference profile, one subject after the other in its order.';

create table drift_windows (
  model_name text not null,
  model_version integer not null,
  window_start timestamptz not null,
  window_end timestamptz not null,
  row_count bigint not null,
  verdict text not null check (verdict in ('ok', 'warning', 'drift', 'insufficient-data')),
  decided_at timestamptz not null,
  cause jsonb,
  window_name text not null default 'default',
  segment text not null default '',
  primary key (model_name, model_version, window_name, segment, window_start)
);
comment on column drift_windows.cause is 'What the subjects that exceeded look like: broken data or a moved population, and why; null where none exceeded.';
comment on table drift_windows is 'Closed windows [start, end) in event time and the model''s verdict on each.';
comment on column drift_windows.window_name is 'Which of the manifest''s windows: default is monitoring.window, the one that alerts; the others are those of monitoring.windows.';
comment on column drift_windows.segment is 'As in summaries.';

create table verdicts (
  model_name text not null,
  model_version integer not null,
  window_start timestamptz not null,
  kind text not null check (kind in ('feature', 'prediction')),
  subject text not null,
  row_count bigint not null,
  psi double precision,
  psi_null_band double precision,
  ks_statistic double precision,
  ks_critical_value double precision,
  statistics jsonb not null default '[]',
  exceeded boolean not null,
  verdict text not null check (verdict in ('ok', 'warning', 'drift', 'insufficient-data')),
  reason text not null,
  window_name text not null default 'default',
  segment text not null default '',
  primary key (model_name, model_version, window_name, segment, window_start, kind, subject),
  foreign key (model_name, model_version, window_name, segment, window_start) references drift_windows on delete cascade
);
comment on column verdicts.psi_null_band is 'What PSI stays below by sampling alone, at the significance that the false-discovery control of this window left.';
comment on column verdicts.statistics is 'Each effect that decides: method, value, threshold, p-value, and whether both passed.';
comment on column verdicts.exceeded is 'This window alone: effect size and null band both exceeded. The verdict also asks for k of n windows.';

create table alerts (
  fingerprint text not null,
  starts_at timestamptz not null,
  alert_name text not null,
  model_name text not null,
  model_version integer not null,
  annotations jsonb not null,
  ends_at timestamptz,
  last_sent_at timestamptz,
  primary key (fingerprint, starts_at)
);
comment on table alerts is 'Alerts raised by the monitor itself, where there is no Prometheus.';
