import { appendAudit } from '../../core/audit/append.js';
import type { Client, Queryable } from '../../core/postgres/pool.js';
import type { Pause } from '../../core/registry/pause.js';
import type { Guard } from '../stopped.js';

/**
 * Where a run is. The open states come first. No job leaves the others again; `awaiting-approval` and `rolling-out` become
 * `promoted` or `kept` by what becomes of the challenger.
 */
export const RUN_STATES = [
  'queued',
  'waiting',
  'training',
  'comparing',
  'promoted',
  'kept',
  'awaiting-approval',
  'rolling-out',
  'refused',
  'failed',
  'cancelled',
] as const;
export type RunState = (typeof RUN_STATES)[number];
export type FinalState = Exclude<RunState, 'queued' | 'waiting' | 'training' | 'comparing'>;

/** States in which a run can still go on. */
export const OPEN_STATES: RunState[] = ['queued', 'waiting', 'training', 'comparing'];
/** States in which a run holds its model: no other run of the model may begin. */
export const ACTIVE_STATES: RunState[] = ['waiting', 'training', 'comparing'];
/** States of a retraining that came to a result: the cool-down counts from these. */
export const RESULT_STATES: RunState[] = ['promoted', 'kept', 'awaiting-approval', 'rolling-out'];

/** A retraining and what was done in it. */
export interface TrainingRun {
  trainingRunId: string;
  fingerprint: string;
  startsAt: Date;
  alertName: string;
  modelName: string;
  /** The version that the alert is about; null when it names none. */
  championVersion: number | null;
  state: RunState;
  reason: string;
  /** Which guard keeps it from beginning, or ended it. */
  guard: Guard | null;
  /** Who let it pass the guards that judge whether it is wise, and why. */
  override: Pause | null;
  /** 1 for the first run of an alert occurrence. */
  attempt: number;
  datasetDigest: string | null;
  dataset: Record<string, unknown> | null;
  candidateVersion: number | null;
  comparison: Record<string, unknown> | null;
  createdAt: Date;
  updatedAt: Date;
  /** When it first passed the guards. */
  startedAt: Date | null;
  finishedAt: Date | null;
}

const COLUMNS = `training_run_id as "trainingRunId", fingerprint, starts_at as "startsAt", alert_name as "alertName",
  model_name as "modelName", champion_version as "championVersion", state, reason, guard, override, attempt, dataset_digest as "datasetDigest",
  dataset, candidate_version as "candidateVersion", comparison, created_at as "createdAt", updated_at as "updatedAt",
  started_at as "startedAt", finished_at as "finishedAt"`;

/** One run, or undefined. */
export async function loadRun(db: Queryable, trainingRunId: string): Promise<TrainingRun | undefined> {
  const { rows } = await db.query<TrainingRun>(`select ${COLUMNS} from training_runs where training_run_id = $1`, [
    trainingRunId,
  ]);
  return rows[0];
}

/** The alert that started a run, and what its training command printed. */
export async function loadRunDetail(db: Queryable, trainingRunId: string): Promise<{ alert: unknown; log: string }> {
  const { rows } = await db.query('select alert, log from training_runs where training_run_id = $1', [trainingRunId]);
  return rows[0];
}

/** The newest runs first, of one model or of all. */
export async function listRuns(
  db: Queryable,
  options: { modelName?: string | undefined; limit: number },
): Promise<TrainingRun[]> {
  const { rows } = await db.query<TrainingRun>(
    `select ${COLUMNS} from training_runs where $1::text is null or model_name = $1
     order by created_at desc, training_run_id desc limit $2`,
    [options.modelName ?? null, options.limit],
  );
  return rows;
}

/** Thrown when a run was ended by someone else, such as by its resolved alert. */
export class RunEndedError extends Error {
  override readonly name = 'RunEndedError';
}

/** Where a run goes, and why. */
export interface Step {
  state: RunState;
  reason: string;
  guard?: Guard | null;
  /** For the audit trail. */
  details?: object;
}

/**
 * Records where an open run is and why, inside the caller's transaction.
 * @throws RunEndedError when it is not open any more
 */
export async function writeState(db: Queryable, trainingRunId: string, step: Omit<Step, 'details'>): Promise<void> {
  const result = await db.query(
    `update training_runs set state = $2, reason = $3, guard = $5, updated_at = now(),
       started_at = case when $2 in ('waiting', 'training') then coalesce(started_at, now()) else started_at end,
       finished_at = case when $2 = any($4::text[]) then null else now() end
     where training_run_id = $1 and state = any($4::text[])`,
    [trainingRunId, step.state, storable(step.reason), OPEN_STATES, step.guard ?? null],
  );
  if (result.rowCount === 0) throw new RunEndedError(`training run ${trainingRunId} has ended already`);
}

/** Adds a step of a run to the audit trail, when it is a new state or another guard; see `appendAudit` for its place. */
export async function auditStep(client: Client, run: TrainingRun, step: Step): Promise<void> {
  const { state, reason, guard = null, details = {} } = step;
  if (run.state === state && run.guard === guard) return;
  const { modelName, trainingRunId, candidateVersion } = run;
  await appendAudit(client, [
    {
      actor: 'trainer',
      action: `run.${state}`,
      modelName,
      modelVersion: candidateVersion,
      trainingRunId,
      details: { reason: storable(reason), ...(guard !== null && { guard }), ...details },
    },
  ]);
}

/** Records what an open run is trained on, inside the caller's transaction. */
export async function writeDataset(
  client: Client,
  run: Pick<TrainingRun, 'trainingRunId' | 'modelName'>,
  dataset: object,
  datasetDigest: string,
): Promise<void> {
  const { trainingRunId, modelName } = run;
  await client.query('update training_runs set dataset = $2, dataset_digest = $3 where training_run_id = $1', [
    trainingRunId,
    dataset,
    datasetDigest,
  ]);
  const details = { datasetDigest, ...dataset };
  await appendAudit(client, [{ actor: 'trainer', action: 'dataset.built', modelName, trainingRunId, details }]);
}

/** Keeps what the training command printed. */
export async function writeLog(db: Queryable, trainingRunId: string, log: string): Promise<void> {
  await db.query('update training_runs set log = $2 where training_run_id = $1', [trainingRunId, storable(log)]);
}

/** NUL, which Postgres cannot store, becomes the replacement character. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

/** Records the challenger and how it compared, so that a run taken up again goes on from there. */
export async function writeCandidate(
  db: Queryable,
  trainingRunId: string,
  candidateVersion: number,
  comparison: object,
): Promise<void> {
  await db.query('update training_runs set candidate_version = $2, comparison = $3 where training_run_id = $1', [
    trainingRunId,
    candidateVersion,
    comparison,
  ]);
}

/** Adds what was decided to the comparison of an open run. */
export async function writeDecision(db: Queryable, trainingRunId: string, decision: object): Promise<void> {
  await db.query(
    `update training_runs set comparison = coalesce(comparison, '{}') || $2::jsonb where training_run_id = $1`,
    [trainingRunId, decision],
  );
}
