import ort from 'onnxruntime-node';
import type { Column } from '../../../trainer/builtin/dataset.js';
import type { Model } from '../../../trainer/builtin/model.js';

/** What onnxruntime answers: the labels, and the probabilities or values row by row. */
export interface OnnxAnswers {
  readonly labels: string[];
  readonly answers: Float32Array;
  readonly shape: readonly number[];
}

/** Runs an exported model on a dataset, in slices of `slice` rows. */
export async function runOnnx(
  onnx: Uint8Array,
  model: Model,
  dataset: { rows: number; columns: readonly Column[] },
  slice = dataset.rows,
): Promise<OnnxAnswers> {
  const session = await ort.InferenceSession.create(onnx, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const labels: string[] = [];
  const parts: number[] = [];
  let shape: readonly number[] = [];
  for (let begin = 0; begin < dataset.rows; begin += slice) {
    const end = Math.min(dataset.rows, begin + slice);
    const output = await session.run(toTensors(model, dataset.columns, begin, end));
    if (output.label !== undefined) labels.push(...(output.label.data as string[]));
    const answers = (output.probabilities ?? output.value)!;
    shape = answers.dims;
    for (const answer of answers.data as Float32Array) parts.push(answer);
  }
  await session.release();
  return { labels, answers: Float32Array.from(parts), shape };
}

function toTensors(model: Model, columns: readonly Column[], begin: number, end: number): Record<string, ort.Tensor> {
  const ordered = model.features.map(({ name }) => columns.find((column) => column.name === name)!);
  const rows = end - begin;
  if (ordered.every(({ type }) => type === 'numeric')) {
    const data = new Float32Array(rows * ordered.length);
    ordered.forEach((column, i) => {
      if (column.type !== 'numeric') return;
      for (let row = 0; row < rows; row++) data[row * ordered.length + i] = column.values[begin + row]!;
    });
    return { features: new ort.Tensor('float32', data, [rows, ordered.length]) };
  }
  return Object.fromEntries(ordered.map((column) => [column.name, columnTensor(column, begin, end)]));
}

function columnTensor(column: Column, begin: number, end: number): ort.Tensor {
  const shape = [end - begin, 1];
  if (column.type === 'numeric') {
    return new ort.Tensor('float32', Float32Array.from(column.values.subarray(begin, end)), shape);
  }
  const texts = Array.from(column.codes.subarray(begin, end), (code) => (code < 0 ? '' : column.categories[code]!));
  return new ort.Tensor('string', texts, shape);
}
