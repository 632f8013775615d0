import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../core/http/free-port.js';

/**
 * Writes the two settings files that MLServer starts from. One process (`parallel_workers` 0): on one core a second
 * one only adds copies between processes.
 */
export async function writeMlserverFolder(options: {
  folder: string;
  modelFolder: string;
  port: number;
}): Promise<void> {
  const { folder, modelFolder, port } = options;
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
    parameters: { uri: join(modelFolder, 'model.onnx') },
  };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(server));
  await writeFile(join(folder, 'model-settings.json'), JSON.stringify(model));
}
