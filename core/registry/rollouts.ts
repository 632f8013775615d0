import { v7 as uuidv7 } from 'uuid';
import { appendAudit } from '../audit/append.js';
import type { AuditEntry } from '../audit/entry.js';
import type { RolloutPolicy } from '../manifest/manifest.js';
import type { Client, Queryable } from '../postgres/pool.js';
import { assertSameRequests } from './assert-same-requests.js';
import { lockModel } from './lock-model.js';
import { RefusedError } from './refused-error.js';

/** Where a challenger is before it is champion. */
export type RolloutStage = 'shadow' | 'canary';

/** A challenger on its way. */
export interface Rollout {
  rolloutId: string;
  modelName: string;
  /** The challenger. */
  modelVersion: number;
  championVersion: number;
  trainingRunId: string | null;
  stage: RolloutStage;
  policy: RolloutPolicy;
  reason: string;
  evidence: object | null;
  beganBy: string;
  beganAt: Date;
  stageBeganAt: Date;
}

const COLUMNS = `rollout_id as "rolloutId", model_name as "modelName", model_version as "modelVersion",
  champion_version as "championVersion", training_run_id as "trainingRunId", stage, policy, reason, evidence,
  began_by as "beganBy", began_at as "beganAt", stage_began_at as "stageBeganAt"`;

/** The rollouts under way, of one model or of all; a model has one at most. */
export async function loadRollouts(db: Queryable, modelName?: string): Promise<Rollout[]> {
  const { rows } = await db.query<Rollout>(
    `select ${COLUMNS} from rollouts where ended_at is null and ($1::text is null or model_name = $1) order by model_name`,
    [modelName ?? null],
  );
  return rows;
}

/** Channel on which the service is told, with the name of the model; the same as for champions. */
const CHANNEL = 'plumbline_models';

/**
 * Begins a rollout inside the caller's transaction: in the shadow where the policy asks for rows there, else as canary.
 * @throws Error when the champion is another by now, a rollout of the model is under way, or the challenger takes other requests
 */
export async function beginRollout(
  client: Client,
  rollout: Pick<Rollout, 'modelName' | 'modelVersion' | 'championVersion' | 'policy' | 'reason' | 'trainingRunId'> & {
    by: string;
  },
): Promise<RolloutStage> {
  const { modelName, modelVersion, championVersion, policy, reason, trainingRunId, by } = rollout;
  const { rows } = await client.query<{ champion: number | null }>(
    'select champion_version as champion from models where model_name = $1 for update',
    [modelName],
  );
  if (rows[0]?.champion !== championVersion) {
    throw new RefusedError(
      `${modelName}: the champion is version ${rows[0]?.champion ?? 'none'}, not ${championVersion}`,
    );
  }
  const [open] = await loadRollouts(client, modelName);
  if (open) {
    throw new RefusedError(
      `${modelName} version ${open.modelVersion} is in its ${open.stage} stage; promote it or withdraw it first`,
    );
  }
  await assertSameRequests(client, rollout);
  const stage: RolloutStage = policy.shadowRows > 0 ? 'shadow' : 'canary';
  await client.query(
    `insert into rollouts (rollout_id, model_name, model_version, champion_version, training_run_id, stage, policy, reason, began_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [uuidv7(), modelName, modelVersion, championVersion, trainingRunId, stage, policy, reason, by],
  );
  await enterStage(client, { modelName, modelVersion, trainingRunId, by, reason, stage });
  return stage;
}

/** Moves a challenger from the shadow to a share of the traffic, inside the caller's transaction. @throws Error when it ended */
export async function advanceRollout(client: Client, rollout: Rollout, by: string, reason: string): Promise<void> {
  await lockModel(client, rollout.modelName);
  const { rowCount } = await client.query(
    `update rollouts set stage = 'canary', stage_began_at = now(), reason = $2, evidence = null
     where rollout_id = $1 and ended_at is null and stage = 'shadow'`,
    [rollout.rolloutId, reason],
  );
  if (rowCount !== 1)
    throw new RefusedError(`the rollout of ${rollout.modelName} version ${rollout.modelVersion} has ended`);
  await enterStage(client, { ...rollout, by, reason, stage: 'canary' });
}

/** Takes a challenger out of its rollout, inside the caller's transaction; the champion stays. @throws Error when it ended */
export async function withdrawRollout(client: Client, rollout: Rollout, by: string, reason: string): Promise<void> {
  const { modelName, modelVersion, trainingRunId } = rollout;
  await lockModel(client, modelName);
  const ended = await keepRun(client, rollout, by, reason);
  const { rowCount } = await client.query(
    `update rollouts set stage = 'withdrawn', ended_at = now(), reason = $2 where rollout_id = $1 and ended_at is null`,
    [rollout.rolloutId, reason],
  );
  if (rowCount !== 1) throw new RefusedError(`the rollout of ${modelName} version ${modelVersion} has ended`);
  await client.query(
    `update model_versions set state = 'candidate' where model_name = $1 and model_version = $2 and state in ('shadow', 'canary')`,
    [modelName, modelVersion],
  );
  await client.query('select pg_notify($1, $2)', [CHANNEL, modelName]);
  await appendAudit(client, [
    { actor: by, action: 'rollout.withdrawn', modelName, modelVersion, trainingRunId, details: { reason } },
    ...ended,
  ]);
}

/**
 * Ends what is under way when the champion becomes `toVersion`: that one's rollout as promoted, another's as withdrawn.
 * @returns what the caller has to add to the audit trail of it
 */
export async function closeRollouts(
  client: Client,
  move: { modelName: string; toVersion: number; decidedBy: string; reason: string },
): Promise<AuditEntry[]> {
  const { modelName, toVersion, decidedBy: actor } = move;
  const { rows: runs } = await client.query<{ trainingRunId: string }>(
    `update training_runs set state = 'promoted', updated_at = now(), guard = null,
       finished_at = case when state = 'rolling-out' then now() else finished_at end, reason = coalesce($3, reason)
     where model_name = $1 and candidate_version = $2 and state in ('awaiting-approval', 'rolling-out')
     returning training_run_id as "trainingRunId"`,
    // Where the trainer promotes it, what stands there stays: how it compared.
    [modelName, toVersion, actor === 'trainer' ? null : `promoted by ${actor}: ${move.reason}`],
  );
  const details = { reason: move.reason };
  const entries = runs.map(({ trainingRunId }): AuditEntry => {
    return { actor, action: 'run.promoted', modelName, modelVersion: toVersion, trainingRunId, details };
  });
  const open = (await loadRollouts(client, modelName))[0];
  if (!open) return entries;
  const { modelVersion, trainingRunId } = open;
  const promoted = modelVersion === toVersion;
  const reason = promoted ? open.reason : `version ${toVersion} became the champion`;
  if (!promoted) {
    const action = 'rollout.withdrawn';
    entries.push({ actor, action, modelName, modelVersion, trainingRunId, details: { reason } });
    entries.push(...(await keepRun(client, open, actor, reason)));
  }
  await client.query(`update rollouts set stage = $2, ended_at = now(), reason = $3 where rollout_id = $1`, [
    open.rolloutId,
    promoted ? 'promoted' : 'withdrawn',
    reason,
  ]);
  await client.query(
    `update model_versions set state = 'candidate' where model_name = $1 and state in ('shadow', 'canary')`,
    [modelName],
  );
  return entries;
}

async function enterStage(
  client: Client,
  step: Pick<Rollout, 'modelName' | 'modelVersion' | 'trainingRunId'> & {
    by: string;
    reason: string;
    stage: RolloutStage;
  },
): Promise<void> {
  const { modelName, modelVersion, trainingRunId, by, reason, stage } = step;
  await client.query('update model_versions set state = $3 where model_name = $1 and model_version = $2', [
    modelName,
    modelVersion,
    stage,
  ]);
  await client.query('select pg_notify($1, $2)', [CHANNEL, modelName]);
  await appendAudit(client, [
    { actor: by, action: `rollout.${stage}`, modelName, modelVersion, trainingRunId, details: { reason } },
  ]);
}

/**
 * The run whose challenger it is had ended when the rollout began; its result is known only now: the champion stays.
 * @returns its entry for the audit trail
 */
async function keepRun(client: Client, rollout: Rollout, actor: string, reason: string): Promise<AuditEntry[]> {
  const { modelName, modelVersion, trainingRunId } = rollout;
  if (trainingRunId === null) return [];
  const { rowCount } = await client.query(
    `update training_runs set state = 'kept', reason = $2, updated_at = now(), finished_at = now()
     where training_run_id = $1 and state = 'rolling-out'`,
    [trainingRunId, reason],
  );
  if (rowCount !== 1) return [];
  return [{ actor, action: 'run.kept', modelName, modelVersion, trainingRunId, details: { reason } }];
}
