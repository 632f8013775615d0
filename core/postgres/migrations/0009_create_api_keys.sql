create table api_keys (
  key_id text primary key check (key_id ~ '^[0-9a-f]{16}$'),
  key_name text not null,
  secret_hash bytea not null check (length(secret_hash) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz
);
comment on table api_keys is 'Who may ask for predictions where the service wants a key; the secrets themselves are nowhere.';
comment on column api_keys.key_id is 'The part of a key that is no secret, by which its row is found.';
comment on column api_keys.key_name is 'What people call it: a client or a team, no person.';
comment on column api_keys.secret_hash is 'SHA-256 of the secret part. That is 256 random bits, so nothing slower is needed.';
create unique index api_keys_name on api_keys (key_name) where revoked_at is null;
