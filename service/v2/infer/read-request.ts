import { InvalidRequestError } from '../../errors.js';
import { kindOf } from '../../predict/describe-problem.js';
import type { OutputDescription } from '../model-tensors.js';
import { type Parameters, readFlag, readParameters, requestError } from './parameters.js';
import { readInputs } from './read-inputs.js';
import type { Payload } from './read-payload.js';
import type { Tensor } from './tensor.js';

/** An output that is to be answered, and how. */
export interface WantedOutput {
  output: OutputDescription;
  binary: boolean;
}

/** An inference request that is well formed; its inputs are not yet compared with the model's. */
export interface InferRequest {
  /** Undefined where the request gives none. */
  id: string | undefined;
  /** The request's own parameters, without those that say how to answer. */
  parameters: Parameters;
  inputs: Tensor[];
  outputs: WantedOutput[];
}

/** Reads a request to a model with these outputs. What the protocol does not name is ignored. @throws InvalidRequestError */
export function readRequest({ json, binary }: Payload, outputs: OutputDescription[]): InferRequest {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw requestError('the body', `is ${kindOf(json)}, wanted an object {"inputs": [...]}`);
  }
  const body = json as Record<string, unknown>;
  const { id } = body;
  if (id !== undefined && id !== null && typeof id !== 'string') {
    throw requestError('id', `is ${kindOf(id)}, wanted a string`, 'wrong_type');
  }
  const { binary_data_output: _, ...parameters } = readParameters(body.parameters, '');
  const allBinary = readFlag(readParameters(body.parameters, ''), 'binary_data_output', '') ?? false;
  return {
    id: id || undefined,
    parameters,
    inputs: readInputs(body.inputs, binary),
    outputs: readOutputs(body.outputs, outputs, allBinary),
  };
}

/** The requested outputs in the order asked for; all of them where none is named. */
function readOutputs(requested: unknown, outputs: OutputDescription[], allBinary: boolean): WantedOutput[] {
  const names = outputs.map((output) => output.name);
  if (requested === undefined || requested === null || (Array.isArray(requested) && requested.length === 0)) {
    return outputs.map((output) => ({ output, binary: allBinary }));
  }
  if (!Array.isArray(requested)) throw requestError('outputs', `is ${kindOf(requested)}, wanted an array`);
  const seen = new Set<string>();
  return requested.map((each: unknown, i): WantedOutput => {
    const path = `outputs[${i}].`;
    const { name, parameters } = (each ?? {}) as Record<string, unknown>;
    const output = outputs.find((known) => known.name === name);
    if (!output || seen.has(output.name)) {
      const said = typeof name === 'string' ? JSON.stringify(name.slice(0, 200)) : kindOf(name);
      const fault = output ? 'stands twice' : `is no output of this model; its outputs are ${names.join(', ')}`;
      throw new InvalidRequestError('unknown_field', [{ path: `output ${said}`, message: fault }]);
    }
    seen.add(output.name);
    const given = readParameters(parameters, path);
    if (given.classification !== undefined && given.classification !== 0) {
      throw requestError(`${path}parameters.classification`, 'is not offered; the probabilities are an output');
    }
    return { output, binary: readFlag(given, 'binary_data', path) ?? allBinary };
  });
}
