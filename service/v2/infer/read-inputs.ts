import { kindOf, show } from '../../predict/describe-problem.js';
import { binaryElements } from './binary-elements.js';
import { DATATYPES, isDatatype } from './datatypes.js';
import { jsonElements } from './json-elements.js';
import { readParameters, requestError } from './parameters.js';
import { inputError, type Tensor } from './tensor.js';

const MOST_DIMENSIONS = 8;

/** Reads the input tensors of a request: from its JSON, or in order from the binary part. @throws InvalidRequestError */
export function readInputs(inputs: unknown, binary: Buffer): Tensor[] {
  if (!Array.isArray(inputs)) throw requestError('inputs', `is ${kindOf(inputs)}, wanted an array of tensors`);
  let offset = 0;
  const take = (name: string, length: number): Buffer => {
    if (offset + length > binary.length) {
      const left = binary.length - offset;
      throw inputError(name, `has binary_data_size ${length}, but ${left} bytes are left after the JSON`);
    }
    offset += length;
    return binary.subarray(offset - length, offset);
  };
  const tensors = inputs.map((input: unknown, i) => readInput(input, i, take));
  const names = new Set<string>();
  for (const { name } of tensors) {
    if (names.has(name)) throw inputError(name, 'stands twice');
    names.add(name);
  }
  if (offset === binary.length) return tensors;
  throw requestError('the body', `has ${binary.length - offset} bytes after its JSON that no binary_data_size claims`);
}

function readInput(input: unknown, index: number, take: (name: string, length: number) => Buffer): Tensor {
  const path = `inputs[${index}]`;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw requestError(path, `is ${kindOf(input)}, wanted a tensor`, 'wrong_type');
  }
  const { name, datatype, shape, data, parameters } = input as Record<string, unknown>;
  if (typeof name !== 'string') throw requestError(`${path}.name`, `is ${kindOf(name)}, wanted a string`, 'wrong_type');
  if (!isDatatype(datatype)) {
    const wanted = `wanted one of ${Object.keys(DATATYPES).join(', ')}`;
    throw inputError(name, `has ${show(datatype)} as datatype, ${wanted}`, 'wrong_type');
  }
  if (!isShape(shape)) throw inputError(name, 'has no valid shape; it is an array of 1 to 8 integers, none below 0');
  const size = shape.reduce((product, length) => product * length, 1);
  const bytes = readParameters(parameters, `${path}.`).binary_data_size;
  if (bytes === undefined || bytes === null) {
    if (data === undefined) throw inputError(name, 'has no data, and no parameter binary_data_size', 'missing_field');
    return { name, datatype, shape, at: jsonElements(name, datatype, shape, size, data) };
  }
  if (!Number.isSafeInteger(bytes) || (bytes as number) < 0) {
    throw inputError(name, `has ${show(bytes)} as binary_data_size, wanted its number of bytes`, 'wrong_type');
  }
  if (data !== undefined && data !== null) throw inputError(name, 'has both data and binary_data_size; send one');
  return { name, datatype, shape, at: binaryElements(name, datatype, shape, size, take(name, bytes as number)) };
}

function isShape(value: unknown): value is number[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_DIMENSIONS) return false;
  return value.every((length) => Number.isSafeInteger(length) && length >= 0);
}
