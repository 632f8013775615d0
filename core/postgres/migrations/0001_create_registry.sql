create table artefacts (
  digest text primary key check (digest ~ '^sha256:[0-9a-f]{64}$'),
  size_bytes bigint not null,
  content bytea not null,
  created_at timestamptz not null default now()
);
comment on table artefacts is 'Content-addressed files: ONNX models and reference rows.';

create table models (
  model_name text primary key,
  champion_version integer,
  created_at timestamptz not null default now()
);
comment on table models is 'One row a model; champion_version is what the service answers with.';

create table model_versions (
  model_name text not null references models,
  model_version integer not null check (model_version > 0),
  state text not null check (state in ('candidate', 'shadow', 'canary', 'champion', 'retired')),
  manifest jsonb not null,
  model_digest text not null references artefacts,
  reference_digest text not null references artefacts,
  reference_profile jsonb not null,
  metrics jsonb not null default '{}',
  lineage jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (model_name, model_version)
);
comment on column model_versions.reference_profile is 'Frozen bins and counts of the reference window; never changed after insert.';
comment on column model_versions.lineage is 'Where the version came from: parent version, training run, dataset digest, seed.';

alter table models add foreign key (model_name, champion_version) references model_versions deferrable initially deferred;
create unique index one_champion_per_model on model_versions (model_name) where state = 'champion';

create table promotions (
  promotion_id bigint generated always as identity primary key,
  model_name text not null,
  from_version integer,
  to_version integer not null,
  decided_by text not null,
  reason text not null,
  training_run_id uuid,
  promoted_at timestamptz not null default now(),
  foreign key (model_name, to_version) references model_versions
);
comment on table promotions is 'Every move of a champion pointer, automatic or by hand, rollbacks included.';
