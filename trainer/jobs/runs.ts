import type { Queryable } from '../../core/postgres/pool.js';

/** Where a run is. The open states come first; the others are not left again. */
export const RUN_STATES = [
  'queued',
  'waiting',
  'training',
  'comparing',
  'promoted',
  'kept',
  'awaiting-approval',
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
export const RESULT_STATES: RunState[] = ['promoted', 'kept', 'awaiting-approval'];

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
  model_name as "modelName", champion_version as "championVersion", state, reason, dataset_digest as "datasetDigest",
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

/** Records where an open run is and why. @throws RunEndedError when it is not open any more */
export async function writeState(db: Queryable, trainingRunId: string, state: RunState, reason: string): Promise<void> {
  const result = await db.query(
    `update training_runs set state = $2, reason = $3, updated_at = now(),
       started_at = case when $2 in ('waiting', 'training') then coalesce(started_at, now()) else started_at end,
       finished_at = case when $2 = any($4::text[]) then null else now() end
     where training_run_id = $1 and state = any($4::text[])`,
    [trainingRunId, state, storable(reason), OPEN_STATES],
  );
  if (result.rowCount === 0) throw new RunEndedError(`training run ${trainingRunId} has ended already`);
}

/** Records what an open run is trained on. */
export async function writeDataset(
  db: Queryable,
  trainingRunId: string,
  dataset: object,
  datasetDigest: string,
): Promise<void> {
  await db.query('update training_runs set dataset = $2, dataset_digest = $3 where training_run_id = $1', [
    trainingRunId,
    dataset,
    datasetDigest,
  ]);
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
