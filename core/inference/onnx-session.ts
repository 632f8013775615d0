// First: see there.
import './disable-ort-telemetry.js';
import ort from 'onnxruntime-node';
import type { Manifest } from '../manifest/manifest.js';
import { categoricalFeatures, numericFeatures } from '../manifest/manifest.js';
import type { FeatureBatch, PredictionBatch } from './batch.js';

/** Name, element type and shape of an ONNX input or output; `isTensor` is false for maps and sequences. Unknown dimensions are -1. */
export interface TensorInfo {
  name: string;
  isTensor: boolean;
  type?: string;
  shape?: number[];
}

/** A loaded ONNX file: what it takes and gives, before any manifest is known. */
export interface OnnxFile {
  inputs: TensorInfo[];
  outputs: TensorInfo[];
  release(): Promise<void>;
}

/** A model that answers batches. */
export interface OnnxModel {
  /** What the file says it takes and gives. */
  inputs: TensorInfo[];
  outputs: TensorInfo[];
  /** Runs the model on a batch. Blocks the event loop while it computes (measured), so callers bound the rows. */
  infer(batch: FeatureBatch): Promise<PredictionBatch>;
  release(): Promise<void>;
}

const sessionOptions: ort.InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  // Converters declare a label's shape as [1]; without this onnxruntime warns on every batch.
  logSeverityLevel: 3,
};

/** Version of onnxruntime that runs the models of this process. */
export const runtimeVersion: string = ort.env.versions.node ?? 'unknown';

/** Opens an ONNX file to look at its inputs and outputs. @throws Error when onnxruntime cannot read it */
export async function openOnnxFile(bytes: Uint8Array): Promise<OnnxFile> {
  const session = await ort.InferenceSession.create(bytes, sessionOptions);
  return {
    inputs: session.inputMetadata.map(tensorInfo),
    outputs: session.outputMetadata.map(tensorInfo),
    release: () => session.release(),
  };
}

/** Loads a model that was found to fit its manifest (`loadProject`). @throws Error when onnxruntime cannot read it */
export async function loadOnnxModel(bytes: Uint8Array, manifest: Manifest): Promise<OnnxModel> {
  const output = manifest.onnx.probabilities ?? manifest.onnx.label ?? manifest.onnx.value;
  if (output === undefined)
    throw new Error(`${manifest.name}: the manifest names no ONNX output; run plumbline model check`);
  const session = await ort.InferenceSession.create(bytes, sessionOptions);
  return {
    inputs: session.inputMetadata.map(tensorInfo),
    outputs: session.outputMetadata.map(tensorInfo),
    infer: async (batch) => {
      const results = await session.run(toTensors(manifest, session.inputNames, batch), [output]);
      return readPredictions(manifest, results[output]!, batch.rows);
    },
    release: () => session.release(),
  };
}

/** What the label output of a classifier says, for checking the order of the classes against its probabilities. */
export async function inferLabels(bytes: Uint8Array, manifest: Manifest, batch: FeatureBatch): Promise<string[]> {
  const { probabilities: _, ...onnx } = manifest.onnx;
  const model = await loadOnnxModel(bytes, { ...manifest, onnx });
  const predictions = await model.infer(batch);
  await model.release();
  return predictions.labels ?? [];
}

function tensorInfo(metadata: ort.InferenceSession.ValueMetadata): TensorInfo {
  if (!metadata.isTensor) return { name: metadata.name, isTensor: false };
  const shape = metadata.shape.map((d) => (typeof d === 'number' && d >= 0 ? d : -1));
  return { name: metadata.name, isTensor: true, type: metadata.type, shape };
}

function toTensors(manifest: Manifest, inputNames: readonly string[], batch: FeatureBatch): Record<string, ort.Tensor> {
  return manifest.onnx.input === 'tensor'
    ? { [inputNames[0]!]: featureTensor(manifest, batch) }
    : columnTensors(manifest, batch);
}

/** One float tensor [rows, features]; a category is its index in the manifest, NaN when missing or unseen. */
function featureTensor(manifest: Manifest, batch: FeatureBatch): ort.Tensor {
  const width = manifest.features.length;
  const texts = categoricalFeatures(manifest).length;
  if (texts === 0) return new ort.Tensor('float32', new Float32Array(batch.numeric), [batch.rows, width]);
  const data = new Float32Array(batch.rows * width);
  let n = 0;
  let c = 0;
  let at = 0;
  for (let row = 0; row < batch.rows; row++) {
    for (const feature of manifest.features) {
      if (feature.type === 'categorical') {
        const code = feature.categories.indexOf(batch.categorical[c++] ?? '');
        data[at++] = code === -1 ? Number.NaN : code;
      } else {
        data[at++] = batch.numeric[n++]!;
      }
    }
  }
  return new ort.Tensor('float32', data, [batch.rows, width]);
}

/** One tensor [rows, 1] a feature: float, or string with "" for missing. */
function columnTensors(manifest: Manifest, batch: FeatureBatch): Record<string, ort.Tensor> {
  const shape = [batch.rows, 1];
  const tensors: Record<string, ort.Tensor> = {};
  const numbers = numericFeatures(manifest);
  numbers.forEach((feature, i) => {
    const column = new Float32Array(batch.rows);
    for (let row = 0; row < batch.rows; row++) column[row] = batch.numeric[row * numbers.length + i]!;
    tensors[feature.name] = new ort.Tensor('float32', column, shape);
  });
  const texts = categoricalFeatures(manifest);
  texts.forEach((feature, i) => {
    const column = Array.from({ length: batch.rows }, (_, row) => batch.categorical[row * texts.length + i] ?? '');
    tensors[feature.name] = new ort.Tensor('string', column, shape);
  });
  return tensors;
}

function readPredictions(manifest: Manifest, output: ort.Tensor, rows: number): PredictionBatch {
  if (manifest.task === 'regression') return { rows, values: new Float32Array(output.data as Float32Array) };
  if (manifest.onnx.probabilities === undefined)
    return { rows, labels: Array.from(output.data as ArrayLike<unknown>, String) };
  const probabilities = twoColumns(manifest, output.data as Float32Array, rows);
  return { rows, labels: chooseLabels(manifest, probabilities, rows), probabilities };
}

/** Some binary models give only the positive class's probability: complete it to one column a class. */
function twoColumns(manifest: Manifest, data: Float32Array, rows: number): Float32Array {
  if (data.length !== rows || manifest.classes.length !== 2) return new Float32Array(data);
  const positive = manifest.classes.indexOf(manifest.positiveClass ?? '') === 0 ? 0 : 1;
  const both = new Float32Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    both[row * 2 + positive] = data[row]!;
    both[row * 2 + 1 - positive] = 1 - data[row]!;
  }
  return both;
}

/** The most probable class (the first of equals), or by the decision threshold on the positive class where one is set. */
function chooseLabels(manifest: Manifest, probabilities: Float32Array, rows: number): string[] {
  const { classes, decisionThreshold, positiveClass } = manifest;
  const labels = new Array<string>(rows);
  const positive = classes.indexOf(positiveClass ?? '');
  for (let row = 0; row < rows; row++) {
    let best = 0;
    if (decisionThreshold !== undefined && positive !== -1) {
      best = probabilities[row * 2 + positive]! >= decisionThreshold ? positive : 1 - positive;
    } else {
      for (let k = 1; k < classes.length; k++) {
        if (probabilities[row * classes.length + k]! > probabilities[row * classes.length + best]!) best = k;
      }
    }
    labels[row] = classes[best]!;
  }
  return labels;
}
