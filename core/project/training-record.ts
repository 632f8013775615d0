import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from '../postgres/pool.js';
import { digestOf } from '../registry/artefacts.js';
import { beginExperiment, type Experiment, endExperiment } from '../registry/experiments.js';
import type { TrainingMetrics } from '../training/contract.js';
import type { TrialRecord } from '../training/trials.js';

/** What a training by hand leaves beside its model: `training.json`. */
export type TrainingRecord = Pick<
  Experiment,
  'command' | 'request' | 'datasetDigest' | 'datasetRows' | 'startedAt' | 'metrics' | 'modelDigest'
> & { finishedAt: Date; trials: TrialRecord[]; modelCard?: string | null };

const NAME = 'training.json';

/** Writes the record into a model project's folder. */
export async function writeTrainingRecord(folder: string, record: TrainingRecord): Promise<void> {
  await writeFile(join(folder, NAME), JSON.stringify(record, null, 2));
}

/**
 * Stores the record of a model project's folder as an experiment. Nothing is stored where there is none, or it is of another
 * model than the one in the folder. @returns whether it was stored
 */
export async function storeTrainingRecord(pool: Pool, folder: string, modelName: string): Promise<boolean> {
  const record = await readTrainingRecord(folder);
  if (!record || record.modelDigest !== digestOf(await readFile(join(folder, 'model.onnx')))) return false;
  const { startedAt, finishedAt, metrics, modelDigest, trials, modelCard = null } = record;
  const { rowCount } = await pool.query(
    'select 1 from experiments where model_name = $1 and model_digest = $2 and started_at = $3',
    [modelName, modelDigest, startedAt],
  );
  if (rowCount) return false;
  const id = await beginExperiment(pool, { ...record, trainingRunId: null, modelName });
  const codeVersion = typeof metrics?.codeVersion === 'string' ? metrics.codeVersion : null;
  const end = { state: 'complete', reason: '', codeVersion, metrics, modelDigest, modelCard, trials } as const;
  await endExperiment(pool, id, end, finishedAt);
  return true;
}

/** What the training of this model measured; undefined where the record of the folder is of another model, or there is none. */
export async function loadTrainingMetrics(folder: string, onnx: Uint8Array): Promise<TrainingMetrics | undefined> {
  const record = await readTrainingRecord(folder);
  return record?.modelDigest === digestOf(onnx) ? (record.metrics ?? undefined) : undefined;
}

async function readTrainingRecord(folder: string): Promise<TrainingRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(join(folder, NAME), 'utf8')) as TrainingRecord;
    return { ...record, startedAt: new Date(record.startedAt), finishedAt: new Date(record.finishedAt) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${join(folder, NAME)} cannot be read; remove it to register the model without its record`, {
      cause: error,
    });
  }
}
