import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type CsvTable, readCsv } from '../csv.js';
import type { FeatureBatch, PredictionBatch } from '../inference/batch.js';
import { type OnnxFile, openOnnxFile } from '../inference/onnx-session.js';
import type { Manifest } from '../manifest/manifest.js';
import { locateFields, parseManifest } from '../manifest/parse.js';
import type { ManifestSource } from '../manifest/schema.js';
import { fitPreparation } from '../preparation/fit.js';
import { encodeRows } from '../preparation/prepare.js';
import { type Problem, ProblemsError } from '../problems.js';
import { digestOf } from '../registry/artefacts.js';
import type { TrainingMetrics } from '../training/contract.js';
import { checkedAnswers } from './checked-answers.js';
import { type LabelledRows, readLabelledRows } from './reference.js';
import { reportUnusable } from './report-unusable.js';
import { type LocateField, resolveManifest } from './resolve.js';
import { loadTrainingMetrics } from './training-record.js';

/** A model project that was found sound: ready to register. */
export interface ModelProject {
  manifest: Manifest;
  onnx: Buffer;
  reference: LabelledRows;
  referenceCsv: Buffer;
  batch: FeatureBatch;
  /** The model's answers to the reference rows. */
  predictions: PredictionBatch;
  /** Rows of held-out.csv, which the model has not learned, and its answers to them; absent without that file. */
  heldOut?: { digest: string; rows: LabelledRows; batch: FeatureBatch; predictions: PredictionBatch };
  /** What the training of this very model measured, where training.json tells. */
  trainingMetrics?: TrainingMetrics;
  /** A line for each thing that was inferred. */
  inferred: string[];
}

/**
 * Loads and checks the model project in a folder: manifest, ONNX file and reference rows, against each other.
 * @throws ProblemsError  with everything that is wrong: file, line or field, and what to write
 */
export async function loadProject(folder: string): Promise<ModelProject> {
  const problems: Problem[] = [];
  const sources = await readSources(folder, problems);
  const onnx = await readOr(
    join(folder, 'model.onnx'),
    `put the exported model here, or make one: plumbline model train ${folder}`,
    problems,
  );
  const file = onnx && (await openOr(onnx, problems));
  try {
    if (!sources) throw new ProblemsError(folder, problems);
    const { source, table, csv, locate } = sources;
    const { manifest: unfitted, inferred } = resolveManifest(source, file, table, problems, locate);
    const { manifest, reference } = readReference(unfitted, table, problems);
    const heldOutRows = await readHeldOut(folder, manifest, problems);
    if (problems.length > 0 || !onnx) throw new ProblemsError(folder, problems);
    const batch = encodeRows(manifest, reference.instances);
    const predictions = await checkedAnswers(folder, onnx, manifest, batch, 'the reference rows');
    const trainingMetrics = await loadTrainingMetrics(folder, onnx);
    const project = {
      ...{ manifest, onnx, reference, referenceCsv: csv, batch, predictions, inferred },
      ...(trainingMetrics && { trainingMetrics }),
    };
    if (!heldOutRows) return project;
    const heldOutBatch = encodeRows(manifest, heldOutRows.instances);
    const digest = digestOf(await readFile(join(folder, HELD_OUT)));
    const answers = await checkedAnswers(folder, onnx, manifest, heldOutBatch, 'the held-out rows');
    return { ...project, heldOut: { digest, rows: heldOutRows, batch: heldOutBatch, predictions: answers } };
  } finally {
    await file?.release();
  }
}

/** Reads the reference rows and fits on them what the preparation of features takes from training rows. */
function readReference(
  unfitted: Manifest,
  table: CsvTable,
  problems: Problem[],
): Pick<ModelProject, 'manifest' | 'reference'> {
  const reference = readLabelledRows(table, unfitted, 'reference.csv', problems);
  // Inputs or steps that are wrong cannot be run.
  if (problems.length > 0) return { manifest: unfitted, reference };
  const manifest = fitPreparation(unfitted, reference);
  reportUnusable(manifest, reference.instances, 'reference.csv', problems);
  return { manifest, reference };
}

/** Reads held-out.csv, if there is one. */
async function readHeldOut(folder: string, manifest: Manifest, problems: Problem[]): Promise<LabelledRows | undefined> {
  const path = join(folder, HELD_OUT);
  if (!existsSync(path)) return undefined;
  const table = await readTable(path, problems);
  if (!table) return undefined;
  const rows = readLabelledRows(table, manifest, HELD_OUT, problems);
  reportUnusable(manifest, rows.instances, HELD_OUT, problems);
  return rows;
}

const HELD_OUT = 'held-out.csv';

/** The same without a model: what a first training needs. @throws ProblemsError */
export async function loadUntrainedProject(folder: string): Promise<Pick<ModelProject, 'manifest' | 'reference'>> {
  const problems: Problem[] = [];
  const sources = await readSources(folder, problems);
  if (!sources) throw new ProblemsError(folder, problems);
  const unfitted = resolveManifest(sources.source, undefined, sources.table, problems, sources.locate).manifest;
  const { manifest, reference } = readReference(unfitted, sources.table, problems);
  if (problems.length > 0) throw new ProblemsError(folder, problems);
  return { manifest, reference };
}

interface Sources {
  source: ManifestSource;
  locate: LocateField;
  table: CsvTable;
  csv: Buffer;
}

async function readSources(folder: string, problems: Problem[]): Promise<Sources | undefined> {
  const isFolder = await stat(folder).then(
    (s) => s.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new ProblemsError(folder, [{ where: folder, message: 'there is no such folder' }]);
  const hint = 'every model project needs one; see docs/model-projects.md';
  const yaml = (await readOr(join(folder, 'model.yaml'), hint, problems))?.toString('utf8');
  const csv = await readOr(join(folder, 'reference.csv'), 'put the training rows with their target here', problems);
  const source = yaml === undefined ? undefined : collect(() => parseManifest(yaml), problems);
  const table = csv && (await readTable(join(folder, 'reference.csv'), problems));
  return source && table && csv && { source, locate: locateFields(yaml!), table, csv };
}

async function readOr(path: string, hint: string, problems: Problem[]): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const name = path.split(/[\\/]/).at(-1)!;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    problems.push({
      where: name,
      message: missing ? `is missing; ${hint}` : `cannot be read: ${(error as Error).message}`,
    });
    return undefined;
  }
}

async function openOr(bytes: Buffer, problems: Problem[]): Promise<OnnxFile | undefined> {
  try {
    return await openOnnxFile(bytes);
  } catch (error) {
    problems.push({ where: 'model.onnx', message: `onnxruntime cannot load it: ${(error as Error).message}` });
    return undefined;
  }
}

function collect<T>(parse: () => T, problems: Problem[]): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

async function readTable(path: string, problems: Problem[]): Promise<CsvTable | undefined> {
  try {
    const table = await readCsv(path);
    if (table.rows.length > 0) return table;
    problems.push({ where: basename(path), message: 'has no rows; put rows with their target here' });
  } catch (error) {
    problems.push({ where: basename(path), message: (error as Error).message });
  }
  return undefined;
}
