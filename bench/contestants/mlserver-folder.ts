import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../core/http/free-port.js';

/** How long requests wait to be run together, and how many rows at most. */
export interface MlserverBatching {
  maxRows: number;
  maxSeconds: number;
}

/**
 * Writes the two settings files that MLServer starts from. One process (`parallel_workers` 0): on one core a second
 * one only adds copies between processes.
 */
export async function writeMlserverFolder(options: {
  folder: string;
  modelFolder: string;
  port: number;
  batching: MlserverBatching | undefined;
}): Promise<void> {
  const { folder, modelFolder, port, batching } = options;
  const server = {
    host: '127.0.0.1',
    http_port: port,
    grpc_port: await freePort(),
    metrics_port: await freePort(),
    parallel_workers: 0,
    debug: false,
  };
  const model = {
    name: 'wine',
    implementation: 'runtime.OnnxRuntime',
    ...(batching && { max_batch_size: batching.maxRows, max_batch_time: batching.maxSeconds }),
    parameters: { uri: join(modelFolder, 'model.onnx') },
  };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(server));
  await writeFile(join(folder, 'model-settings.json'), JSON.stringify(model));
}
