create table rollouts (
  rollout_id uuid primary key,
  model_name text not null,
  model_version integer not null,
  champion_version integer not null,
  training_run_id uuid,
  stage text not null check (stage in ('shadow', 'canary', 'promoted', 'withdrawn')),
  policy jsonb not null,
  reason text not null,
  evidence jsonb,
  began_by text not null,
  began_at timestamptz not null default now(),
  stage_began_at timestamptz not null default now(),
  ended_at timestamptz,
  foreign key (model_name, model_version) references model_versions
);
comment on table rollouts is 'Challengers that answer in the shadow or for a share of the traffic before they are promoted or withdrawn.';
comment on column rollouts.policy is 'As the type RolloutPolicy in core/manifest/manifest.ts: which stages there are, and what each asks for.';
comment on column rollouts.evidence is 'What the last look at the stage found, as the type Evidence in trainer/rollout/evidence.ts.';
create unique index one_rollout_per_model on rollouts (model_name) where ended_at is null;

create function shadow_id(prediction_id uuid) returns uuid language sql immutable parallel safe as $$
  select overlay(prediction_id::text placing '8' from 15)::uuid
$$;
comment on function shadow_id is 'The id of the shadow row of a prediction: the same but for its version, 8 in place of 7, so that its time and partition are the same.';
create function live_id(shadow_id uuid) returns uuid language sql immutable parallel safe as $$
  select overlay(shadow_id::text placing '7' from 15)::uuid
$$;
comment on function live_id is 'The id of the prediction whose shadow row has this id: by it the row is found in its partition.';

create view shadow_comparisons as
  select live.prediction_id, live.requested_at, live.model_name, live.model_version as champion_version,
    shadow.model_version as challenger_version, live.label as champion_label, shadow.label as challenger_label,
    live.scores as champion_scores, shadow.scores as challenger_scores, live.value as champion_value,
    shadow.value as challenger_value, shadow.error_class as challenger_error
  from predictions shadow
  join predictions live on live.prediction_id = live_id(shadow.prediction_id) and live.requested_at = shadow.requested_at
  where live.source = 'live' and shadow.source = 'shadow';
comment on view shadow_comparisons is 'What champion and challenger said to the same rows, row by row.';

alter table training_runs drop constraint training_runs_state_check;
alter table training_runs add constraint training_runs_state_check check (state in
  ('queued', 'waiting', 'training', 'comparing', 'promoted', 'kept', 'awaiting-approval', 'rolling-out', 'refused', 'failed', 'cancelled'));
