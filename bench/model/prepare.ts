import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeCsv } from '../../core/csv.js';
import { packagePath } from '../../core/package-path.js';
import { runToEnd } from '../run-to-end.js';
import { GRADE_ROWS, WINE_FEATURES } from './columns.js';
import { generateRows, readPublishedRows } from './rows.js';

/** Name under which the service serves the model. */
export const MODEL_NAME = 'bench-wine';

/** A row to send, with the label that onnxruntime gives for it. */
export interface SampleRow {
  /** In the order of the model's input. */
  features: number[];
  label: string;
}

/** The model every server runs. */
export interface BenchModel {
  /** A model project: model.yaml, model.onnx, reference.csv; and classifier.pickle, the same booster for Flask. */
  folder: string;
  trees: number;
  sample: SampleRow[];
}

/** Makes the data (or reads the publisher's), trains the model with the given Python and exports it to ONNX. */
export async function prepareModel(options: {
  folder: string;
  python: string;
  csv: string | undefined;
  seed: number;
}): Promise<BenchModel> {
  const { folder, python, csv, seed } = options;
  await mkdir(folder, { recursive: true });
  const rows = csv ? await readPublishedRows(csv) : generateRows(seed);
  await writeCsv(join(folder, 'reference.csv'), [...WINE_FEATURES.map(({ name }) => name), 'quality'], rows);
  await writeFile(join(folder, 'model.yaml'), stringify(manifest));
  await runToEnd(python, [packagePath('bench/model/train.py'), folder]);
  const { trees, sample } = JSON.parse(await readFile(join(folder, 'sample.json'), 'utf8')) as Omit<
    BenchModel,
    'folder'
  >;
  return { folder, trees, sample };
}

const manifest = {
  name: MODEL_NAME,
  description: 'The benchmark’s model: grade of a white wine from eleven measurements.',
  task: 'multiclass',
  target: 'quality',
  classes: Object.keys(GRADE_ROWS),
  features: WINE_FEATURES.map(({ name, least, most }) => ({ name, type: 'numeric', range: [least, most] })),
};
