import type { CsvTable } from '../../core/csv.js';
import { encodeInstances } from '../../core/inference/batch.js';
import { inferAll } from '../../core/inference/infer-all.js';
import { loadOnnxModel } from '../../core/inference/onnx-session.js';
import type { Manifest, OnnxMapping } from '../../core/manifest/manifest.js';
import type { FeatureSource } from '../../core/manifest/schema.js';
import { readLabelledRows } from '../../core/project/reference.js';
import { resolveManifest } from '../../core/project/resolve.js';

/** Outputs of a model, by name, that answers are read from. */
export interface Outputs {
  label?: string;
  scores?: string;
}

/** What a model answers to rows, as it stands: nothing is taken for a probability yet. */
export interface RawAnswers {
  rows: number;
  /** The label output, as text. */
  labels?: string[];
  /** The float output, row-major, `width` numbers a row. */
  scores?: Float32Array;
  /** 0 where there is no float output. */
  width: number;
}

/** Runs a model on rows before its manifest is written. @throws Error  onnxruntime's own, on rows that it cannot take */
export async function runModel(
  onnx: Uint8Array,
  features: FeatureSource[],
  input: OnnxMapping['input'],
  outputs: Outputs,
  rows: CsvTable,
): Promise<RawAnswers> {
  const { manifest } = resolveManifest({ name: 'init', task: 'regression', target: '', features }, undefined, rows, []);
  // The target is not known yet, so its problems mean nothing; the features were typed by these very cells.
  const { instances } = readLabelledRows(rows, manifest, 'rows', []);
  const batch = encodeInstances(manifest, instances);
  const run = async (task: Manifest['task'], mapping: Partial<OnnxMapping>) => {
    const model = await loadOnnxModel(onnx, { ...manifest, task, onnx: { input, ...mapping } });
    try {
      return await inferAll(model, manifest, batch);
    } finally {
      await model.release();
    }
  };
  const { label, scores } = outputs;
  const labels = label === undefined ? undefined : (await run('multiclass', { label })).labels;
  // As a regression the numbers come as they are.
  const values = scores === undefined ? undefined : (await run('regression', { value: scores })).values;
  return {
    rows: batch.rows,
    ...(labels && { labels }),
    ...(values && { scores: values }),
    width: values ? values.length / batch.rows : 0,
  };
}

/** So many rows show how a model answers. */
const SAMPLE_ROWS = 500;

/** Rows spread evenly over a table, which may be sorted by class. */
export function sampleRows({ columns, rows }: CsvTable): CsvTable {
  const count = Math.min(rows.length, SAMPLE_ROWS);
  return { columns, rows: Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]!) };
}
