import { appendAudit } from '../audit/append.js';
import type { Manifest } from '../manifest/manifest.js';
import type { ReferencePerformance } from '../performance/reference-performance.js';
import { type Client, type Pool, type Queryable, withTransaction } from '../postgres/pool.js';
import type { ReferenceProfile } from '../reference/profile.js';
import { putArtefact } from './artefacts.js';
import { lockModel } from './lock-model.js';
import { RefusedError } from './refused-error.js';
import { closeRollouts } from './rollouts.js';

export type VersionState = 'candidate' | 'shadow' | 'canary' | 'champion' | 'retired';

/** A model version as registered. */
export interface ModelVersion {
  modelName: string;
  modelVersion: number;
  state: VersionState;
  manifest: Manifest;
  modelDigest: string;
  referenceDigest: string;
  referenceProfile: ReferenceProfile;
  /** Null for a version that was registered without. */
  referencePerformance: ReferencePerformance | null;
  metrics: Record<string, unknown>;
  lineage: Record<string, unknown>;
  createdAt: Date;
}

/** What it takes to register a version. */
export interface NewVersion {
  manifest: Manifest;
  onnx: Uint8Array;
  referenceCsv: Uint8Array;
  referenceProfile: ReferenceProfile;
  referencePerformance?: ReferencePerformance;
  metrics?: Record<string, unknown>;
  lineage?: Record<string, unknown>;
  /** For the audit trail. */
  registeredBy?: string;
  trainingRunId?: string;
}

/** Every change of a champion is announced here, with the model's name as payload. */
export const MODELS_CHANNEL = 'plumbline_models';

const COLUMNS = `model_name as "modelName", model_version as "modelVersion", state, manifest,
  model_digest as "modelDigest", reference_digest as "referenceDigest", reference_profile as "referenceProfile",
  reference_performance as "referencePerformance",
  metrics, lineage, created_at as "createdAt"`;

/** Registers a candidate under the next version number of its model, which is created if new. @returns the version number */
export async function registerVersion(pool: Pool, version: NewVersion): Promise<number> {
  return withTransaction(pool, (client) => insertVersion(client, version));
}

/** The same inside the caller's transaction. */
export async function insertVersion(client: Client, version: NewVersion): Promise<number> {
  const { name } = version.manifest;
  await client.query('insert into models (model_name) values ($1) on conflict do nothing', [name]);
  await lockModel(client, name);
  const modelDigest = await putArtefact(client, version.onnx);
  const referenceDigest = await putArtefact(client, version.referenceCsv);
  const { rows } = await client.query<{ modelVersion: number }>(
    `insert into model_versions
       (model_name, model_version, state, manifest, model_digest, reference_digest, reference_profile, metrics, lineage,
        reference_performance)
     select $1, coalesce(max(model_version), 0) + 1, 'candidate', $2, $3, $4, $5, $6, $7, $8
       from model_versions where model_name = $1
     returning model_version as "modelVersion"`,
    [
      name,
      version.manifest,
      modelDigest,
      referenceDigest,
      JSON.stringify(version.referenceProfile),
      version.metrics ?? {},
      version.lineage ?? {},
      version.referencePerformance ? JSON.stringify(version.referencePerformance) : null,
    ],
  );
  const { modelVersion } = rows[0]!;
  const { registeredBy: actor = 'plumbline', trainingRunId = null, lineage = {}, metrics = {} } = version;
  const details = { modelDigest, referenceDigest, lineage, metrics };
  await appendAudit(client, [
    { actor, action: 'version.registered', modelName: name, modelVersion, trainingRunId, details },
  ]);
  return modelVersion;
}

/** A model and what answers for it. */
export interface ListedModel {
  modelName: string;
  championVersion: number | null;
  /** The challenger that answers a share of the traffic; null where none does. */
  canary: { version: number; share: number } | null;
}

/** All models, in order of their names. */
export async function listModels(db: Queryable): Promise<ListedModel[]> {
  const { rows } = await db.query<ListedModel>(
    `select m.model_name as "modelName", m.champion_version as "championVersion", case when r.model_version is not null
       then json_build_object('version', r.model_version, 'share', (r.policy->>'canaryShare')::float8) end as canary
     from models m left join rollouts r
       on r.model_name = m.model_name and r.ended_at is null and r.stage = 'canary' and r.champion_version = m.champion_version
     order by m.model_name`,
  );
  return rows;
}

/** All versions of a model, newest first. */
export async function listVersions(db: Queryable, modelName: string): Promise<ModelVersion[]> {
  const { rows } = await db.query<ModelVersion>(
    `select ${COLUMNS} from model_versions where model_name = $1 order by model_version desc`,
    [modelName],
  );
  return rows;
}

/** One version, or undefined. */
export async function loadVersion(
  db: Queryable,
  modelName: string,
  modelVersion: number,
): Promise<ModelVersion | undefined> {
  const { rows } = await db.query<ModelVersion>(
    `select ${COLUMNS} from model_versions where model_name = $1 and model_version = $2`,
    [modelName, modelVersion],
  );
  return rows[0];
}

/** The champions of all models that have one, by name. */
export async function loadChampions(db: Queryable): Promise<ModelVersion[]> {
  const { rows } = await db.query<ModelVersion>(
    `select ${COLUMNS} from model_versions where state = 'champion' order by model_name`,
  );
  return rows;
}

/** The champion of one model, or undefined. */
export async function loadChampion(db: Queryable, modelName: string): Promise<ModelVersion | undefined> {
  const { rows } = await db.query<ModelVersion>(
    `select ${COLUMNS} from model_versions where model_name = $1 and state = 'champion'`,
    [modelName],
  );
  return rows[0];
}

/** Who moves the champion pointer, where to and why. */
export interface Promotion {
  modelName: string;
  toVersion: number;
  /** The champion that the decision was made against; null when there was none. */
  expectedChampion: number | null;
  decidedBy: string;
  reason: string;
  trainingRunId?: string;
  /** A promotion when left out. */
  kind?: MoveKind;
}

/**
 * How a champion came to be: registered with `model add`, in place of a version it was held against, back to the one before, or
 * the same model with a new reference.
 */
export type MoveKind = 'registration' | 'promotion' | 'rollback' | 'rebaseline';

/** Thrown when the champion is no longer the one a decision was made against. */
export class ChampionChangedError extends RefusedError {
  override readonly name = 'ChampionChangedError';
}

/**
 * Moves the champion pointer inside the caller's transaction; the previous champion is retired and stays for rollback, and a
 * rollout of the model that is under way ends.
 * @throws ChampionChangedError when another promotion came first
 */
export async function promoteVersion(client: Client, promotion: Promotion): Promise<void> {
  const { modelName, toVersion, expectedChampion } = promotion;
  const { rows } = await client.query<{ champion: number | null }>(
    'select champion_version as champion from models where model_name = $1 for update',
    [modelName],
  );
  if (!rows[0]) throw new RefusedError(`no model "${modelName}" is registered`);
  if (rows[0].champion !== expectedChampion) {
    throw new ChampionChangedError(
      `${modelName}: the champion is version ${rows[0].champion}, the decision was made against ${expectedChampion}`,
    );
  }
  await client.query(`update model_versions set state = 'retired' where model_name = $1 and state = 'champion'`, [
    modelName,
  ]);
  const moved = await client.query(
    `update model_versions set state = 'champion' where model_name = $1 and model_version = $2`,
    [modelName, toVersion],
  );
  if (moved.rowCount !== 1) throw new RefusedError(`${modelName} has no version ${toVersion}`);
  await client.query('update models set champion_version = $2 where model_name = $1', [modelName, toVersion]);
  const closed = await closeRollouts(client, promotion);
  const { decidedBy, reason, trainingRunId = null, kind = 'promotion' } = promotion;
  await client.query(
    `insert into promotions (model_name, from_version, to_version, decided_by, reason, training_run_id, kind)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [modelName, expectedChampion, toVersion, decidedBy, reason, trainingRunId, kind],
  );
  await client.query('select pg_notify($1, $2)', [MODELS_CHANNEL, modelName]);
  const details = { from: expectedChampion, reason };
  await appendAudit(client, [
    { actor: decidedBy, action: `champion.${kind}`, modelName, modelVersion: toVersion, trainingRunId, details },
    ...closed,
  ]);
}
