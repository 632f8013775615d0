import type { ModelFeature } from '../gbdt/model.js';
import {
  floatAttribute,
  floatsAttribute,
  intAttribute,
  type Message,
  operator,
  stringsAttribute,
  valueInfo,
} from './values.js';

/** The part of a graph that takes the features in. */
export interface InputPart {
  readonly inputs: readonly Message[];
  readonly nodes: readonly Message[];
  /** Name of the float tensor [rows, features] that the trees read. */
  readonly output: string;
}

/**
 * All features numeric: one float tensor `features` [rows, features]. Otherwise one tensor [rows, 1] a feature, named as the
 * feature: float, or string for a category, which becomes the number of its bin, and NaN if the model does not know it.
 */
export function inputPart(features: readonly ModelFeature[]): InputPart {
  if (features.every(({ type }) => type === 'numeric')) {
    return { inputs: [valueInfo('features', 'float', features.length)], nodes: [], output: 'features' };
  }
  const nodes: Message[] = [];
  const columns = features.map((feature, i) => {
    if (feature.type === 'numeric') return feature.name;
    const output = `plumbline.bin.${i}`;
    nodes.push(binOfCategory(feature.name, output, feature.categories));
    return output;
  });
  const output = 'plumbline.features';
  nodes.push(operator('Concat', '', columns, [output], [intAttribute('axis', 1)]));
  const inputs = features.map(({ name, type }) => valueInfo(name, type === 'numeric' ? 'float' : 'string', 1));
  return { inputs, nodes, output };
}

function binOfCategory(input: string, output: string, categories: readonly string[]): Message {
  // The operator needs at least one key; '' means missing, so it is always right to list it.
  const keys = [...categories, ''];
  const values = [...categories.map((_, i) => i + 1), Number.NaN];
  return operator(
    'LabelEncoder',
    'ai.onnx.ml',
    [input],
    [output],
    [
      stringsAttribute('keys_strings', keys),
      floatsAttribute('values_floats', values),
      floatAttribute('default_float', Number.NaN),
    ],
  );
}
