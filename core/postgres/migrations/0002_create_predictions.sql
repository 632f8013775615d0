create table predictions (
  prediction_id uuid not null,
  requested_at timestamptz not null,
  model_name text not null,
  model_version integer not null,
  batch_id uuid not null default current_setting('plumbline.batch_id')::uuid,
  source text not null check (source in ('live', 'shadow', 'replay', 'batch')),
  numeric_features double precision[] not null,
  categorical_features text[] not null,
  raw_inputs text[],
  out_of_range text[] not null default '{}',
  label text,
  scores real[],
  value real,
  latency_us integer not null,
  request_id text not null,
  trace_id text,
  error_class text,
  primary key (prediction_id, requested_at)
) partition by range (requested_at);
comment on table predictions is 'Every acknowledged prediction, and every one the model failed on, one row an instance, partitioned by UTC day.';
comment on column predictions.prediction_id is 'UUID v7; its time is requested_at to the millisecond.';
comment on column predictions.batch_id is 'The transaction that stored the row: its rows of one model version are a row of capture_batches. By default what the transaction has set as plumbline.batch_id, so that the shipper need not put it into every row.';
comment on column predictions.source is 'live: a request. batch: a request whose rows come from a file (X-Plumbline-Source: batch). shadow: what a challenger would have answered to a live row. Only live rows are in windows, performance, training sets and rollouts.';
comment on column predictions.numeric_features is 'Numeric and boolean (1 or 0) features in manifest order, null where missing.';
comment on column predictions.categorical_features is 'Categorical features in manifest order, null where missing.';
comment on column predictions.raw_inputs is 'What the caller sent of a model whose manifest has inputs, in their order, as text, null where missing: its features are made of it, and a retraining makes them anew. Null for other models.';
comment on column predictions.out_of_range is 'Names of the features whose value was outside its range or categories.';
comment on column predictions.scores is 'Class probabilities in the order of the manifest.';
comment on column predictions.latency_us is 'Microseconds from the parsed request to the answer of the model.';
comment on column predictions.error_class is 'Class of the error when the model failed on the row: then it was answered with an error, and has no label, scores or value. Null otherwise.';
create index predictions_batch on predictions using brin (batch_id) with (pages_per_range = 16);
create index predictions_time on predictions using brin (requested_at) with (pages_per_range = 16);
create function prediction_time(prediction_id uuid) returns timestamptz language sql immutable parallel safe as $$
  select timestamptz 'epoch' + ('x' || translate(left(prediction_id::text, 13), '-', ''))::bit(48)::bigint * interval '1 millisecond'
$$;
comment on function prediction_time is 'The time in a UUID v7: the requested_at of a prediction, which names its partition.';

create table predictions_default partition of predictions default;
comment on table predictions_default is 'Rows of days that have no partition (yet), such as those of a clock that is wrong by years.';

create function prediction_partition_exists(partition_name text) returns boolean language sql stable as $$
  -- Not by to_regclass: after a wait for an advisory lock it may still remember that there was no such table.
  select exists (
    select from pg_inherits join pg_class on pg_class.oid = inhrelid
     where inhparent = 'predictions'::regclass and relname = partition_name)
$$;
comment on function prediction_partition_exists is 'Whether a table of this name is attached to predictions.';

-- `create table … partition of` would lock the whole of predictions against everything, behind whatever reads it now.
-- Attaching a table lets writes into other partitions go on; it needs the default partition for itself for a moment.
create function ensure_prediction_partition(day date) returns void language plpgsql set lock_timeout = '1s' as $$
declare
  partition_name text := 'predictions_' || to_char(day, 'YYYYMMDD');
  starts timestamptz := day::timestamp at time zone 'UTC';
  ends timestamptz := (day + 1)::timestamp at time zone 'UTC';
begin
  if prediction_partition_exists(partition_name) then return; end if;
  perform pg_advisory_xact_lock(hashtext('plumbline_prediction_partition'));
  if prediction_partition_exists(partition_name) then return; end if;
  lock table only predictions in share update exclusive mode;
  lock table only predictions_default in access exclusive mode;
  execute format('create table %I (like predictions including all)', partition_name);
  execute format(
    'with moved as (delete from predictions_default where requested_at >= %L and requested_at < %L returning *)
     insert into %I select * from moved', starts, ends, partition_name);
  execute format('alter table predictions attach partition %I for values from (%L) to (%L)',
    partition_name, starts, ends);
end $$;
comment on function ensure_prediction_partition is
  'Creates the partition of a UTC day if it is not there, and moves that day''s rows into it from predictions_default. Fails with lock_not_available when a lock cannot be had within a second: call it again later.';

create table dropped_days (
  day date primary key,
  row_count bigint not null,
  dropped_at timestamptz not null
);
comment on table dropped_days is 'UTC days whose predictions retention has removed.';
comment on column dropped_days.row_count is 'How many of its rows were acknowledged, as an answer or an error: shadow rows are not counted.';
create function kept_from() returns timestamptz language sql stable as $$
  select (max(day) + 1)::timestamp at time zone 'UTC' from dropped_days
$$;
comment on function kept_from is 'The first instant whose predictions retention has not removed; null where it has removed none.';
create function first_id_at(instant timestamptz) returns uuid language sql immutable parallel safe as $$
  select (lpad(to_hex(floor(extract(epoch from instant) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;
comment on function first_id_at is 'Smaller than every UUID v7 of that millisecond or later, and greater than every earlier one.';

create table capture_batches (
  batch_id uuid not null,
  model_name text not null,
  model_version integer not null,
  row_count integer not null,
  live_row_count integer not null,
  first_requested_at timestamptz not null,
  last_requested_at timestamptz not null,
  stored_at timestamptz not null default now(),
  summarised_at timestamptz,
  primary key (batch_id, model_name, model_version)
);
comment on table capture_batches is 'One row a transaction that stores predictions and model version, written in it: what the monitor has not yet summarised has no summarised_at, whatever order transactions commit in.';
comment on column capture_batches.live_row_count is 'How many of its rows are of source live: to find the newest of them beside any number of rows from files.';
create index capture_batches_live on capture_batches (model_name, model_version, batch_id) where live_row_count > 0;
create index capture_batches_open on capture_batches (model_name, model_version, batch_id) where summarised_at is null;

create table capture_parts (
  spool_id uuid not null,
  first_row bigint not null,
  end_row bigint not null check (end_row > first_row),
  first_requested_at timestamptz not null,
  last_requested_at timestamptz not null,
  stored_at timestamptz not null default now(),
  primary key (spool_id, first_row)
);
comment on table capture_parts is 'Which rows of which spool are stored, written in the transaction that stores them; neighbours are joined. A spool (one process) numbers its rows from 0, so a gap is a loss.';
comment on column capture_parts.end_row is 'Number after the last row.';

create table outcomes (
  prediction_id uuid not null,
  revision integer not null check (revision > 0),
  model_name text not null,
  actual text not null,
  observed_at timestamptz not null,
  received_at timestamptz not null default now(),
  primary key (prediction_id, revision)
);
comment on table outcomes is 'The later truth of predictions; a correction is a new revision, the highest counts.';
comment on column outcomes.actual is 'A class, or a number as text.';
create view latest_outcomes as
  select distinct on (prediction_id) * from outcomes order by prediction_id, revision desc;
comment on view latest_outcomes is 'The outcome that counts for each prediction.';
