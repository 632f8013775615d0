import '../../core/inference/disable-ort-telemetry.js';
import ort from 'onnxruntime-node';
import type { Column, Dataset } from '../../trainer/builtin/dataset.js';

/** What onnxruntime answers to a dataset with a model of the built-in trainer: entry row * answers + i. */
export async function runOnnx(onnx: Uint8Array, dataset: Pick<Dataset, 'rows' | 'columns'>): Promise<Float64Array> {
  const session = await ort.InferenceSession.create(onnx, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  try {
    const output = await session.run(toTensors(dataset));
    return Float64Array.from((output.probabilities ?? output.value)!.data as Float32Array);
  } finally {
    await session.release();
  }
}

function toTensors({ rows, columns }: Pick<Dataset, 'rows' | 'columns'>): Record<string, ort.Tensor> {
  const numeric = columns.flatMap((column) => (column.type === 'numeric' ? [column.values] : []));
  if (numeric.length < columns.length) {
    return Object.fromEntries(columns.map((column) => [column.name, toTensor(column, rows)]));
  }
  const data = Float32Array.from({ length: rows * numeric.length }, (_, i) => {
    return numeric[i % numeric.length]![Math.floor(i / numeric.length)]!;
  });
  return { features: new ort.Tensor('float32', data, [rows, numeric.length]) };
}

function toTensor(column: Column, rows: number): ort.Tensor {
  if (column.type === 'numeric') return new ort.Tensor('float32', Float32Array.from(column.values), [rows, 1]);
  const texts = Array.from(column.codes, (code) => (code < 0 ? '' : column.categories[code]!));
  return new ort.Tensor('string', texts, [rows, 1]);
}
