import { v7 as uuidv7 } from 'uuid';
import { type Pool, type Queryable, withTransaction } from '../postgres/pool.js';
import type { PlannedRequest } from '../training/contract.js';
import type { TrialRecord } from '../training/trials.js';

/** One execution of a training command. */
export interface Experiment {
  experimentId: string;
  /** The retraining it belongs to; null for a training by hand. */
  trainingRunId: string | null;
  modelName: string;
  /** interrupted: its trainer ended before it did. */
  state: 'running' | 'complete' | 'failed' | 'interrupted';
  reason: string;
  /** Program and arguments, or "built-in trainer". */
  command: string;
  codeVersion: string | null;
  request: PlannedRequest;
  datasetDigest: string;
  datasetRows: number;
  metrics: Record<string, unknown> | null;
  modelDigest: string | null;
  /** Markdown that the command left for people; null where it left none. */
  modelCard: string | null;
  startedAt: Date;
  finishedAt: Date | null;
}

/** What is known when a training command begins. */
export type NewExperiment = Pick<
  Experiment,
  'trainingRunId' | 'modelName' | 'command' | 'request' | 'datasetDigest' | 'datasetRows' | 'startedAt'
>;

/** What is known when it has ended. */
export interface ExperimentEnd {
  state: Exclude<Experiment['state'], 'running'>;
  reason: string;
  codeVersion: string | null;
  metrics: Record<string, unknown> | null;
  modelDigest: string | null;
  modelCard?: string | null;
  trials: readonly TrialRecord[];
}

/** Why an experiment was interrupted whose end nobody recorded. */
const LOST = 'the trainer ended before it did';

const COLUMNS = `experiment_id as "experimentId", training_run_id as "trainingRunId", model_name as "modelName", state, reason,
  command, code_version as "codeVersion", request, dataset_digest as "datasetDigest", dataset_rows as "datasetRows", metrics,
  model_digest as "modelDigest", started_at as "startedAt", finished_at as "finishedAt"`;

/**
 * Records that a training command begins. Earlier ones of the same retraining that are still running were interrupted: a
 * retraining has one at a time. @returns its id
 */
export async function beginExperiment(pool: Pool, experiment: NewExperiment): Promise<string> {
  const { trainingRunId, modelName, command, request, datasetDigest, datasetRows, startedAt } = experiment;
  const id = uuidv7({ msecs: startedAt.getTime() });
  await withTransaction(pool, async (client) => {
    await client.query(
      `update experiments set state = 'interrupted', reason = $3, finished_at = $2
       where training_run_id = $1 and state = 'running'`,
      [trainingRunId, startedAt, LOST],
    );
    await client.query(
      `insert into experiments (experiment_id, training_run_id, model_name, state, command, request, dataset_digest,
         dataset_rows, started_at)
       values ($1, $2, $3, 'running', $4, $5, $6, $7, $8)`,
      [id, trainingRunId, modelName, command, request, datasetDigest, datasetRows, startedAt],
    );
  });
  return id;
}

/**
 * Marks experiments as interrupted whose retraining trains no more, though nobody recorded their end: their trainer was killed,
 * and the retraining ended without another. A training by hand is not looked at, as nothing tells whether it still runs.
 */
export async function interruptLost(db: Queryable, at: Date): Promise<void> {
  await db.query(
    `update experiments e set state = 'interrupted', reason = $1, finished_at = $2 from training_runs r
     where e.state = 'running' and r.training_run_id = e.training_run_id and r.state <> 'training'`,
    [LOST, at],
  );
}

/** Records how it ended, with its trials, in one transaction. */
export async function endExperiment(pool: Pool, experimentId: string, end: ExperimentEnd, at: Date): Promise<void> {
  const { state, reason, codeVersion, metrics, modelDigest, modelCard = null, trials } = end;
  await withTransaction(pool, async (client) => {
    await client.query(
      `update experiments set state = $2, reason = $3, code_version = $4, metrics = $5, model_digest = $6, model_card = $7,
         finished_at = $8
       where experiment_id = $1`,
      [experimentId, state, reason.replaceAll('\0', '\uFFFD'), codeVersion, metrics, modelDigest, modelCard, at],
    );
    await client.query(
      `insert into trials (experiment_id, trial_number, state, family, parameters, metrics, metric, score, duration_seconds, reason)
       select $1, (t->>'number')::integer, t->>'state', t->>'family', t->'parameters', t->'metrics', t->>'metric',
         (t->>'score')::double precision, (t->>'durationSeconds')::double precision, t->>'reason'
       from jsonb_array_elements($2::jsonb) as t`,
      [experimentId, JSON.stringify(trials)],
    );
  });
}

/** The newest first, without their model cards: of one model, of one retraining (null: those by hand), or all. */
export async function listExperiments(
  db: Queryable,
  options: { modelName?: string | undefined; trainingRunId?: string | null | undefined; limit: number },
): Promise<Experiment[]> {
  const { rows } = await db.query<Experiment>(
    `select ${COLUMNS}, null as "modelCard" from experiments
     where ($1::text is null or model_name = $1) and ($2::uuid is null or training_run_id = $2)
       and (not $4 or training_run_id is null)
     order by started_at desc, experiment_id desc limit $3`,
    [options.modelName ?? null, options.trainingRunId ?? null, options.limit, options.trainingRunId === null],
  );
  return rows;
}

/** One experiment by its id or that of its retraining (then its last one), or undefined. */
export async function loadExperiment(db: Queryable, id: string): Promise<Experiment | undefined> {
  const { rows } = await db.query<Experiment>(
    `select ${COLUMNS}, model_card as "modelCard" from experiments where experiment_id = $1 or training_run_id = $1
     order by started_at desc, experiment_id desc limit 1`,
    [id],
  );
  return rows[0];
}

/** The trials of an experiment, in their order. */
export async function listTrials(db: Queryable, experimentId: string): Promise<TrialRecord[]> {
  const { rows } = await db.query(
    `select trial_number as number, state, family, parameters, metrics, metric, score,
       duration_seconds as "durationSeconds", reason
     from trials where experiment_id = $1 order by trial_number`,
    [experimentId],
  );
  return rows.map(({ reason, ...trial }) => (reason === null ? trial : { ...trial, reason }));
}
