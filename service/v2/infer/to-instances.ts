import { inSlices } from '../../../core/in-slices.js';
import type { CategoricalFeature, Feature, Instance, Manifest } from '../../../core/manifest/manifest.js';
import { InvalidRequestError } from '../../errors.js';
import type { ModelTensors } from '../model-tensors.js';
import { datatypeInfo } from './datatypes.js';
import { type Element, inputError, type Tensor } from './tensor.js';

type Value = number | string | boolean | null;
interface Source {
  feature: Feature;
  read: (row: number) => Value;
}

/**
 * Turns input tensors into the instances that /v1 takes, so that both are checked, flagged and stored alike. Takes the
 * model's one tensor of all features, or a tensor a feature (those that may be missing may be left out). NaN, null and
 * the empty text are missing values. @throws InvalidRequestError
 */
export async function toInstances(
  { features, onnx }: Pick<Manifest, 'features' | 'onnx'>,
  { inputs: described }: ModelTensors,
  inputs: Tensor[],
  maxRows: number,
): Promise<Instance[]> {
  const first = inputs[0];
  if (!first) {
    throw new InvalidRequestError('missing_field', [{ path: 'inputs', message: `is empty; ${wanted(described)}` }]);
  }
  const names = described.map((input) => input.name);
  const isWide = onnx.input === 'tensor' && inputs.some((input) => names.includes(input.name));
  if (isWide && inputs.length > 1) throw unknownInput(inputs.find((input) => input.name !== names[0])!.name, names);
  const rows = first.shape[0]!;
  if (rows > maxRows) throw inputError(first.name, `has ${rows} rows, wanted ${maxRows} at most`);
  const sources = isWide ? wideSources(features, first) : columnSources(features, described, inputs, rows);
  const instances: Instance[] = [];
  await inSlices(rows, (start, end) => {
    for (let row = start; row < end; row++) {
      const instance: Instance = {};
      for (const { feature, read } of sources) instance[feature.name] = read(row);
      instances.push(instance);
    }
  });
  return instances;
}

/** The columns of one tensor [rows, features]: a category is its index in the manifest, true is 1. */
function wideSources(features: Feature[], tensor: Tensor): Source[] {
  const width = features.length;
  const { name, shape, datatype } = tensor;
  if (shape.length !== 2 || shape[1] !== width) {
    throw inputError(name, `has shape [${shape.join(', ')}], wanted [rows, ${width}]`);
  }
  if (!isNumeric(tensor)) throw inputError(name, `has datatype ${datatype}, wanted FP32`, 'wrong_type');
  return features.map((feature, i) => ({ feature, read: (row) => fromNumber(feature, tensor.at(row * width + i)) }));
}

function columnSources(
  features: Feature[],
  described: ModelTensors['inputs'],
  inputs: Tensor[],
  rows: number,
): Source[] {
  const stray = inputs.find((input) => !features.some((feature) => feature.name === input.name));
  if (stray)
    throw unknownInput(
      stray.name,
      described.map((input) => input.name),
    );
  return features.flatMap((feature): Source[] => {
    const tensor = inputs.find((input) => input.name === feature.name);
    if (!tensor) {
      if (feature.missing) return [];
      throw inputError(feature.name, `is missing; ${wanted(described)}`, 'missing_field');
    }
    const { shape, datatype } = tensor;
    if (shape[0] !== rows || shape.length > 2 || (shape[1] ?? 1) !== 1) {
      throw inputError(feature.name, `has shape [${shape.join(', ')}], wanted [${rows}, 1] or [${rows}]`);
    }
    if (feature.type === 'categorical') {
      if (datatype !== 'BYTES') throw inputError(feature.name, `has datatype ${datatype}, wanted BYTES`, 'wrong_type');
      return [{ feature, read: (row) => fromText(feature, tensor.at(row)) }];
    }
    if (isNumeric(tensor)) return [{ feature, read: (row) => fromNumber(feature, tensor.at(row)) }];
    if (feature.type === 'boolean' && datatype === 'BOOL') return [{ feature, read: (row) => tensor.at(row) }];
    const kind = feature.type === 'boolean' ? 'BOOL' : 'FP32';
    throw inputError(feature.name, `has datatype ${datatype}, wanted ${kind}`, 'wrong_type');
  });
}

function isNumeric({ datatype }: Tensor): boolean {
  const { kind } = datatypeInfo(datatype);
  return kind === 'integer' || kind === 'float';
}

/** What stands for a feature in a tensor of numbers; a number that fits no category or truth value is left to be refused. */
function fromNumber(feature: Feature, element: Element): Value {
  if (element === null || Number.isNaN(element)) return null;
  if (feature.type === 'categorical') return feature.categories[element as number] ?? element;
  if (feature.type === 'boolean') return element === 1 ? true : element === 0 ? false : element;
  return element;
}

/** An empty text is a missing value, unless it is a category or a text that must be there. */
function fromText({ categories, free, missing }: CategoricalFeature, element: Element): Value {
  const isText = categories.includes('') || (free === 'text' && !missing);
  return element === '' && !isText ? null : element;
}

function unknownInput(name: string, known: string[]): InvalidRequestError {
  return inputError(name, `is no input of this model; its inputs are ${known.join(', ')}`, 'unknown_field');
}

function wanted(described: ModelTensors['inputs']): string {
  return `send ${described.map(({ name, datatype, shape }) => `${name} ${datatype}[${shape.join(', ')}]`).join(', ')}`;
}
