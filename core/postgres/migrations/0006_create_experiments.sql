create table experiments (
  experiment_id uuid primary key,
  training_run_id uuid references training_runs,
  model_name text not null,
  state text not null check (state in ('running', 'complete', 'failed', 'interrupted')),
  reason text not null default '',
  command text not null,
  code_version text,
  request jsonb not null,
  dataset_digest text not null,
  dataset_rows integer not null,
  metrics jsonb,
  model_digest text,
  started_at timestamptz not null,
  finished_at timestamptz
);
comment on table experiments is 'One row an execution of a training command: what it was asked, on which rows, and what came of it.';
comment on column experiments.training_run_id is 'The retraining it belongs to; null for a training by hand.';
comment on column experiments.code_version is 'As the command reports it (codeVersion of metrics.json); null where it does not.';
comment on column experiments.request is 'request.json: seed, budgets, metric, parent version.';
comment on column experiments.model_digest is 'Of the model it made, whether that was registered or not; null where it made none.';
create index experiments_model on experiments (model_name, started_at desc);
create index experiments_training_run on experiments (training_run_id);

create table trials (
  experiment_id uuid not null references experiments on delete cascade,
  trial_number integer not null check (trial_number >= 0),
  state text not null check (state in ('complete', 'pruned', 'failed')),
  family text not null,
  parameters jsonb not null,
  metrics jsonb not null,
  metric text not null,
  score double precision,
  duration_seconds double precision not null check (duration_seconds >= 0),
  reason text,
  primary key (experiment_id, trial_number)
);
comment on table trials is 'One row a candidate that a search has tried; data and code are those of its experiment.';
comment on column trials.score is 'Of the metric named in metric, over the folds that were done; null where the trial failed.';
comment on column trials.reason is 'In words, why the trial failed.';
