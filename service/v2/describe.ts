import type { Champions } from '../models/champions.js';
import type { ServingModel } from '../models/serving-model.js';

/** Name, version and extensions of this server, for `GET /v2`. */
export function describeServer(version: string): object {
  return { name: 'plumbline', version, extensions: ['binary_tensor_data', 'model_repository'] };
}

/** What a model takes and gives; `versions` are those that may be asked for, which is the champion. */
export function describeModel({ name, version, tensors }: ServingModel): object {
  return {
    name,
    versions: [String(version)],
    platform: 'onnx_onnxv1',
    inputs: tensors.inputs,
    outputs: tensors.outputs.map(({ holds: _, ...tensor }) => tensor),
  };
}

/** The names of the models that answer. */
export function listModels(champions: Pick<Champions, 'list'>): object {
  return { models: champions.list().map(({ name }) => name) };
}
