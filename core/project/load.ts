import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CsvTable, readCsv } from '../csv.js';
import { encodeInstances, type FeatureBatch, type PredictionBatch } from '../inference/batch.js';
import { inferAll } from '../inference/infer-all.js';
import { inferLabels, loadOnnxModel, type OnnxFile, openOnnxFile } from '../inference/onnx-session.js';
import type { Manifest } from '../manifest/manifest.js';
import { parseManifest } from '../manifest/parse.js';
import { type Problem, ProblemsError } from '../problems.js';
import { type LabelledRows, readLabelledRows } from './reference.js';
import { resolveManifest } from './resolve.js';

/** A model project that was found sound: ready to register. */
export interface ModelProject {
  manifest: Manifest;
  onnx: Buffer;
  reference: LabelledRows;
  referenceCsv: Buffer;
  batch: FeatureBatch;
  /** The model's answers to the reference rows. */
  predictions: PredictionBatch;
  /** A line for each thing that was inferred. */
  inferred: string[];
}

/**
 * Loads and checks the model project in a folder: manifest, ONNX file and reference rows, against each other.
 * @throws ProblemsError  with everything that is wrong: file, line or field, and what to write
 */
export async function loadProject(folder: string): Promise<ModelProject> {
  const problems: Problem[] = [];
  const yaml = await readOr(
    join(folder, 'model.yaml'),
    'every model project needs one; see docs/model-projects.md',
    problems,
  );
  const onnx = await readOr(join(folder, 'model.onnx'), 'put the exported model here', problems);
  const csv = await readOr(join(folder, 'reference.csv'), 'put the training rows with their target here', problems);
  const file = onnx && (await openOr(onnx, problems));
  try {
    const source = yaml && collect(() => parseManifest(yaml.toString('utf8')), problems);
    const table = csv && (await readTable(join(folder, 'reference.csv'), problems));
    if (!source || !table) throw new ProblemsError(folder, problems);
    const { manifest, inferred } = resolveManifest(source, file, table, problems);
    const reference = readLabelledRows(table, manifest, 'reference.csv', problems);
    if (problems.length > 0 || !onnx || !csv) throw new ProblemsError(folder, problems);
    const batch = encodeInstances(manifest, reference.instances);
    const predictions = await tryAnswers(folder, onnx, manifest, batch);
    return { manifest, onnx, reference, referenceCsv: csv, batch, predictions, inferred };
  } finally {
    await file?.release();
  }
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
    problems.push({ where: 'reference.csv', message: 'has no rows; put the training rows with their target here' });
  } catch (error) {
    problems.push({ where: 'reference.csv', message: (error as Error).message });
  }
  return undefined;
}

/** Runs the model on the reference rows: what cannot answer them cannot be served. */
async function tryAnswers(
  folder: string,
  onnx: Buffer,
  manifest: Manifest,
  batch: FeatureBatch,
): Promise<PredictionBatch> {
  const fail = (message: string): never => {
    throw new ProblemsError(folder, [{ where: 'model.onnx', message }]);
  };
  const model = await loadOnnxModel(onnx, manifest);
  try {
    const predictions = await inferAll(model, manifest, batch).catch((error: Error) =>
      fail(`fails on the reference rows: ${error.message}`),
    );
    const numbers = predictions.probabilities ?? predictions.values;
    if (numbers?.some((v) => !Number.isFinite(v))) fail('answers some reference rows with NaN or infinity');
    const width = predictions.probabilities ? manifest.classes.length : 1;
    if (numbers && numbers.length !== batch.rows * width) {
      fail(`answers ${numbers.length / batch.rows} numbers a row, ${width} are expected (the classes of the manifest)`);
    }
    await checkLabels(onnx, manifest, batch, predictions, fail);
    return predictions;
  } finally {
    await model.release();
  }
}

/** A wrong order of `classes` would give wrong answers in silence: compare with the model's own label output. */
async function checkLabels(
  onnx: Buffer,
  manifest: Manifest,
  batch: FeatureBatch,
  predictions: PredictionBatch,
  fail: (message: string) => never,
): Promise<void> {
  if (manifest.onnx.label === undefined || manifest.decisionThreshold !== undefined) return;
  const labels = predictions.probabilities ? await inferLabels(onnx, manifest, batch) : (predictions.labels ?? []);
  const unknown = labels.find((label) => !manifest.classes.includes(label));
  const indices = labels.every((label) => /^\d+$/.test(label) && Number(label) < manifest.classes.length);
  if (unknown !== undefined && !(indices && predictions.probabilities)) {
    fail(`answers the label "${unknown}", which is not one of the classes ${manifest.classes.join(', ')}`);
  }
  const named = unknown === undefined ? labels : labels.map((label) => manifest.classes[Number(label)]!);
  const same = named.filter((label, i) => label === predictions.labels?.[i]).length / batch.rows;
  if (same < 0.99) {
    fail(
      `its label output agrees with the most probable class on only ${(same * 100).toFixed(1)} % of the reference rows; put "classes" in the model's own order`,
    );
  }
}
