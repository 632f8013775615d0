alter table model_versions add column reference_performance jsonb;
comment on column model_versions.reference_performance is 'How the version did on rows with truth before it was registered, and what estimates are made from: score bins, calibration, error model. Never changed after insert.';

alter table outcomes add column folded_at timestamptz;
comment on column outcomes.folded_at is 'When the outcome was counted in performance_summaries; null before, whatever order transactions commit in; -infinity when its prediction never came.';
create index outcomes_open on outcomes (model_name, received_at) where folded_at is null;

create table performance_summaries (
  model_name text not null,
  model_version integer not null,
  kind text not null check (kind in ('served', 'labelled')),
  segment text not null default '',
  bucket_seconds integer not null,
  bucket_start timestamptz not null,
  sums numeric[] not null,
  primary key (model_name, model_version, kind, segment, bucket_seconds, bucket_start)
);
comment on table performance_summaries is 'Sums that performance is computed from, by event-time bucket of the predictions: served are all live rows with the truth that calibrated scores expect, labelled are those with a known outcome. Integers, so that they add and subtract exactly in any order.';
comment on column performance_summaries.sums is 'The slots that core/performance/layout.ts names.';

create table performance_windows (
  model_name text not null,
  model_version integer not null,
  window_name text not null,
  segment text not null default '',
  window_start timestamptz not null,
  window_end timestamptz not null,
  served_rows bigint not null,
  labelled_rows bigint not null,
  verdict text not null check (verdict in ('ok', 'warning', 'drop', 'insufficient-data')),
  report jsonb not null,
  computed_at timestamptz not null,
  judged_at timestamptz not null default now(),
  stale boolean not null default false,
  primary key (model_name, model_version, window_name, segment, window_start)
);
comment on table performance_windows is 'Performance by window of event time, measured and estimated; computed again whenever outcomes of its predictions come.';
comment on column performance_windows.stale is 'Rows or outcomes were counted since: it is computed again by the next run of the monitor.';
comment on column performance_windows.verdict is 'What its outcomes say: drop where the whole 95 % interval of the loss is beyond what the manifest allows, ok where it is within, else by the loss itself warning or ok; insufficient-data while most outcomes are still to come.';
comment on column performance_windows.judged_at is 'When it was computed first with the verdict that it has had since.';
comment on column performance_windows.report is 'As the type WindowPerformance in monitor/performance/window-performance.ts.';

create table quality_summaries (
  model_name text not null,
  model_version integer not null,
  bucket_start timestamptz not null,
  out_of_range bigint[] not null,
  minimums double precision[] not null,
  maximums double precision[] not null,
  sample_level integer not null,
  sample_hashes bigint[] not null,
  sample_counts bigint[] not null,
  primary key (model_name, model_version, bucket_start)
);
comment on table quality_summaries is 'What summaries do not tell of the quality of live rows, by event-time bucket of the shortest length.';
comment on column quality_summaries.out_of_range is 'Rows outside the manifest''s range, by numeric feature in manifest order; minimums and maximums likewise, infinite without a value.';
comment on column quality_summaries.sample_hashes is 'Hashes of whole rows of features, of those that end in sample_level zero bits; sample_counts says how often each came.';

create table refused_requests (
  model_name text not null,
  minute timestamptz not null,
  reason text not null,
  request_count bigint not null,
  primary key (model_name, minute, reason)
);
comment on table refused_requests is 'Requests that the service refused as invalid, by model, minute and the first thing that was wrong with them.';

create table quality_windows (
  model_name text not null,
  model_version integer not null,
  window_name text not null,
  window_start timestamptz not null,
  window_end timestamptz not null,
  row_count bigint not null,
  report jsonb not null,
  computed_at timestamptz not null,
  primary key (model_name, model_version, window_name, window_start)
);
comment on table quality_windows is 'Data quality by window of event time.';
comment on column quality_windows.report is 'As the type WindowQuality in monitor/quality/window-quality.ts.';
