import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import { readCsv, writeCsv } from '../csv.js';
import { decodeInstances } from '../inference/batch.js';
import type { Instance, Manifest } from '../manifest/manifest.js';
import { trainingSchema } from '../manifest/training-schema.js';
import { encodeRows } from '../preparation/prepare.js';
import { preparedLayout } from '../preparation/request-fields.js';
import { type Problem, ProblemsError } from '../problems.js';
import { type LabelledRows, readLabelledRows } from '../project/reference.js';
import { resolvePlan, type TrainingPlan } from './plan.js';

/** Name of the column of dataset.csv that holds how much a row counts. */
export const WEIGHT_COLUMN = 'plumbline_weight';

/** What a training command is asked for: `request.json`. */
export interface TrainingRequest {
  modelName: string;
  seed: number;
  /** The version that the new one is to beat; null for the first. */
  parentVersion: number | null;
  /** What champion and challenger will be compared by. */
  metric: Manifest['retraining']['metric'];
}

/** A request as it is read back: with the budgets and wishes of the manifest. */
export interface PlannedRequest extends TrainingRequest {
  training: TrainingPlan;
}

/** Labelled rows with weights. */
export interface TrainingRows extends LabelledRows {
  weights: number[];
}

/** What a training command must leave in `metrics.json`: numbers by name, more is welcome. */
export type TrainingMetrics = Record<string, unknown>;

const requestSchema = Type.Object({
  modelName: Type.String(),
  seed: Type.Integer(),
  parentVersion: Type.Union([Type.Integer(), Type.Null()]),
  metric: Type.String(),
  training: Type.Optional(Type.Partial(trainingSchema)),
});
const validRequest = new Ajv().compile<TrainingRequest & Partial<Pick<PlannedRequest, 'training'>>>(requestSchema);

/**
 * Writes the folder that a training command reads: dataset.csv, manifest.json, request.json. Raw inputs are prepared here, so
 * that a command learns from what the service will give its model; `manifest.json` then lists the features alone.
 * @returns the request as written, with the budgets of the manifest
 */
export async function writeTrainingInput(
  folder: string,
  manifest: Manifest,
  rows: TrainingRows,
  request: TrainingRequest,
): Promise<PlannedRequest> {
  await mkdir(folder, { recursive: true });
  const columns = [...manifest.features.map((f) => f.name), manifest.target, WEIGHT_COLUMN];
  const instances = manifest.inputs ? decodeInstances(manifest, encodeRows(manifest, rows.instances)) : rows.instances;
  const records = instances.map((instance: Instance, i) => ({
    ...instance,
    [manifest.target]: rows.targets[i],
    [WEIGHT_COLUMN]: rows.weights[i],
  }));
  await writeCsv(join(folder, 'dataset.csv'), columns, records);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(preparedLayout(manifest), null, 2));
  const planned: PlannedRequest = { ...request, training: resolvePlan(manifest) };
  await writeFile(join(folder, 'request.json'), JSON.stringify(planned, null, 2));
  return planned;
}

/** Reads such a folder back, as the built-in trainer does. @throws ProblemsError */
export async function readTrainingInput(
  folder: string,
): Promise<{ manifest: Manifest; rows: TrainingRows; request: PlannedRequest }> {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const request: unknown = JSON.parse(await readFile(join(folder, 'request.json'), 'utf8'));
  const problems: Problem[] = [];
  if (!validRequest(request))
    throw new ProblemsError(folder, [
      { where: 'request.json', message: 'modelName, seed, parentVersion and metric are needed' },
    ]);
  const table = await readCsv(join(folder, 'dataset.csv'));
  const rows = readLabelledRows(table, manifest, 'dataset.csv', problems, { written: true });
  const weights = table.rows.map((row) => Number(row[WEIGHT_COLUMN] ?? 1));
  if (weights.some((w) => !(w >= 0)))
    problems.push({
      where: 'dataset.csv',
      message: `column ${WEIGHT_COLUMN} holds something that is not a number >= 0`,
    });
  if (problems.length > 0) throw new ProblemsError(folder, problems);
  const training = { ...resolvePlan(manifest), ...request.training };
  return { manifest, rows: { ...rows, weights }, request: { ...request, training } };
}
