create table training_runs (
  training_run_id uuid primary key,
  fingerprint text not null,
  starts_at timestamptz not null,
  alert_name text not null,
  model_name text not null,
  champion_version integer,
  state text not null check (state in
    ('queued', 'waiting', 'training', 'comparing', 'promoted', 'kept', 'awaiting-approval', 'refused', 'failed', 'cancelled')),
  reason text not null,
  alert jsonb not null,
  dataset_digest text,
  dataset jsonb,
  candidate_version integer,
  comparison jsonb,
  log text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  unique (fingerprint, starts_at)
);
comment on table training_runs is 'One row an alert occurrence (fingerprint, startsAt): what was done about it, and why.';
comment on column training_runs.reason is 'In words, why the run is in its state.';
comment on column training_runs.dataset is 'What the training set was made of: window, row counts, weights, seed, parent version.';
comment on column training_runs.started_at is 'When the run first passed the guards; null before.';
comment on column training_runs.finished_at is 'When the run reached a state that it does not leave again.';
create index training_runs_model on training_runs (model_name, created_at desc);

create table alert_deliveries (
  delivery_id bigint generated always as identity primary key,
  received_at timestamptz not null default now(),
  payload jsonb not null
);
comment on table alert_deliveries is 'Every accepted webhook body, as it came: written before the 202.';
