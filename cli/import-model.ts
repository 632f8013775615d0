import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMlflowClient } from '../core/mlflow/client.js';
import { fetchOnnx } from '../core/mlflow/find-onnx.js';

/**
 * Fetches the ONNX file of a model registered in MLflow into the folder of a model project. @returns what to tell
 * @throws MlflowError, Error  the model is not there, or the folder has a model.onnx already
 */
export async function importModel(
  source: string,
  folder: string,
  options: { mlflow: string; force: boolean },
): Promise<string> {
  const file = join(folder, 'model.onnx');
  if (!options.force && existsSync(file)) {
    throw new Error(`${file} is there already; write over it with --force`, { cause: 'exists' });
  }
  const { model, onnx } = await fetchOnnx(createMlflowClient(options.mlflow), source);
  await mkdir(folder, { recursive: true });
  await writeFile(file, onnx);
  const next = existsSync(join(folder, 'model.yaml'))
    ? `plumbline model add ${folder}`
    : `plumbline init NEW_FOLDER --onnx ${file} --csv TRAINING_ROWS.csv`;
  return `wrote ${file}: ${model.name} version ${model.version}, ${onnx.length} bytes; next: ${next}`;
}
