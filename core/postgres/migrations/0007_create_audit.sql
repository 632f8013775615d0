create table audit (
  sequence bigint primary key check (sequence > 0),
  recorded_at timestamptz not null,
  actor text not null,
  action text not null,
  model_name text not null,
  model_version integer,
  training_run_id uuid,
  details jsonb not null,
  previous_hash text not null,
  hash text not null unique
);
comment on table audit is 'What was done to models, by whom or what, and why: alert, job, dataset, run, comparison, promotion. Each row holds the hash of the one before it.';
comment on column audit.sequence is '1 for the first row, without gaps.';
comment on column audit.hash is 'SHA-256 of all other columns, as core/audit/hash.ts writes them.';
create index audit_model on audit (model_name, sequence);
create index audit_run on audit (training_run_id, sequence) where training_run_id is not null;

create table audit_head (
  one boolean primary key default true check (one),
  sequence bigint not null,
  hash text not null
);
comment on table audit_head is 'The last row of the trail; locked by whoever adds one, so that rows are added one after the other.';
insert into audit_head (sequence, hash) values (0, '');

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of the audit trail are never changed or removed';
end $$;
create trigger audit_is_kept before update or delete or truncate on audit
  for each statement execute function refuse_audit_change();

alter table training_runs add column attempt integer not null default 1 check (attempt > 0);
comment on column training_runs.attempt is 'Which run of the same alert occurrence it is: a notification repeated long after one that changed nothing may begin another.';
alter table training_runs drop constraint training_runs_fingerprint_starts_at_key;
alter table training_runs add constraint training_runs_occurrence unique (fingerprint, starts_at, attempt);
alter table training_runs add column guard text;
comment on column training_runs.guard is 'Which guard keeps the run from beginning, or ended it; null where none does.';
alter table training_runs add column override jsonb;
comment on column training_runs.override is 'Who let the run pass the guards broken-data, cool-down and budget, and why: by, reason, at.';
create index outcomes_received on outcomes using brin (received_at);

alter table models add column paused jsonb;
comment on column models.paused is 'Who paused retraining and rollouts of the model, and why: by, reason, at. Null while they go on.';
alter table promotions add column kind text not null default 'promotion' check (kind in ('registration', 'promotion', 'rollback', 'rebaseline'));
comment on column promotions.kind is 'registration: by model add; rollback: back to the version before; rebaseline: the same model with a new reference.';
