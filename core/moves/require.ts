import { validate as isUuid } from 'uuid';
import { MOST_ROLLOUT_ROWS } from '../manifest/retraining-limits.js';
import type { Queryable } from '../postgres/pool.js';
import { RefusedError } from '../registry/refused-error.js';
import { loadChampion, loadVersion, type ModelVersion } from '../registry/versions.js';

/** Rows that a person may ask for at most, in a stage of a rollout too: those of a new reference are loaded at once. */
export const MOST_ROWS = MOST_ROLLOUT_ROWS;

/** Asserts a number of rows that a person chose. @throws RefusedError when it is not whole, or out of range */
export function assertRows(rows: number, least: number): void {
  if (Number.isSafeInteger(rows) && rows >= least && rows <= MOST_ROWS) return;
  throw new RefusedError(`rows is ${rows}, wanted a whole number from ${least} to ${MOST_ROWS}`);
}

/** The champion of a model. @throws RefusedError when there is none */
export async function requireChampion(db: Queryable, modelName: string): Promise<ModelVersion> {
  const champion = await loadChampion(db, modelName);
  if (!champion) throw new RefusedError(`${modelName} has no champion; see "plumbline model list"`);
  return champion;
}

/** A version of a model. @throws RefusedError when there is none */
export async function requireVersion(db: Queryable, modelName: string, modelVersion: number): Promise<ModelVersion> {
  const version = await loadVersion(db, modelName, modelVersion);
  if (version) return version;
  throw new RefusedError(`${modelName} has no version ${modelVersion}; see "plumbline model list"`);
}

/** What a decision about a training run rests on. */
export interface DecidedRun {
  trainingRunId: string;
  modelName: string;
  state: string;
  guard: string | null;
  reason: string;
  candidateVersion: number | null;
  /** The champion that its challenger was compared with; null before there was a dataset. */
  comparedWith: number | null;
}

/** A training run. @throws RefusedError when there is none of that id */
export async function requireRun(db: Queryable, trainingRunId: string): Promise<DecidedRun> {
  const { rows } = isUuid(trainingRunId)
    ? await db.query<DecidedRun>(
        `select training_run_id as "trainingRunId", model_name as "modelName", state, guard, reason,
           candidate_version as "candidateVersion", (dataset->>'parentVersion')::int as "comparedWith"
         from training_runs where training_run_id = $1`,
        [trainingRunId],
      )
    : { rows: [] };
  if (rows[0]) return rows[0];
  throw new RefusedError(`there is no run "${trainingRunId}"; see plumbline runs list`);
}
