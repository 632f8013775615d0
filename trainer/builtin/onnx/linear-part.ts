import { type LinearFeature, type LinearModel, MOST_DEVIATIONS } from '../linear/model.js';
import { intAttribute, type Message, operator, stringsAttribute, tensor, valueInfo } from './values.js';

/** The part of a graph from the features to the weighted sums. */
export interface SumsPart {
  readonly inputs: readonly Message[];
  readonly nodes: readonly Message[];
  readonly initializers: readonly Message[];
}

const FLOAT = 1;

/**
 * The weighted sums of a linear model, as the float tensor [rows, outputs] named `sums`. Inputs are as those of trees (see
 * `inputPart`): one tensor of all features where all are numeric, else one a feature.
 */
export function linearPart(model: LinearModel, sums: string): SumsPart {
  const { features, weights, base } = model;
  const numeric = features.filter((feature) => feature.type === 'numeric');
  const isTensor = numeric.length === features.length;
  const inputs = isTensor
    ? [valueInfo('features', 'float', features.length)]
    : features.map(({ name, type }) => valueInfo(name, type === 'numeric' ? 'float' : 'string', 1));
  const scaled = numeric.length > 0 ? scaleNumbers(numeric, isTensor) : { nodes: [], initializers: [], outputs: [] };
  const flags = features.flatMap((feature, i) => (feature.type === 'numeric' ? [] : [flagCategories(feature, i)]));
  const terms = [...scaled.outputs, ...flags.map(({ output }) => output)];
  return {
    inputs,
    nodes: [
      ...scaled.nodes,
      ...flags.flatMap(({ nodes }) => nodes),
      operator('Concat', '', terms, ['plumbline.terms'], [intAttribute('axis', 1)]),
      operator('MatMul', '', ['plumbline.terms', 'plumbline.weights'], [sums]),
    ],
    initializers: [
      ...scaled.initializers,
      tensor('plumbline.weights', weights, [weights.length / base.length, base.length]),
    ],
  };
}

/** The values that enter, then the missing flags. */
function scaleNumbers(
  features: readonly Extract<LinearFeature, { type: 'numeric' }>[],
  isTensor: boolean,
): Omit<SumsPart, 'inputs'> & { outputs: string[] } {
  const numbers = isTensor ? 'features' : 'plumbline.numbers';
  const names = features.map(({ name }) => name);
  const join = isTensor ? [] : [operator('Concat', '', names, [numbers], [intAttribute('axis', 1)])];
  const width = [1, features.length];
  const limits = ['plumbline.lowest', 'plumbline.highest'];
  return {
    nodes: [
      ...join,
      operator('Sub', '', [numbers, 'plumbline.means'], ['plumbline.centered']),
      operator('Mul', '', ['plumbline.centered', 'plumbline.scales'], ['plumbline.scaled']),
      operator('Clip', '', ['plumbline.scaled', ...limits], ['plumbline.cut']),
      operator('IsNaN', '', [numbers], ['plumbline.missing']),
      operator('Where', '', ['plumbline.missing', 'plumbline.zero', 'plumbline.cut'], ['plumbline.values']),
      operator('Cast', '', ['plumbline.missing'], ['plumbline.flags'], [intAttribute('to', FLOAT)]),
    ],
    initializers: [
      tensor(
        'plumbline.means',
        Float32Array.from(features, ({ mean }) => mean),
        width,
      ),
      tensor(
        'plumbline.scales',
        Float32Array.from(features, ({ scale }) => scale),
        width,
      ),
      tensor('plumbline.lowest', Float32Array.of(-MOST_DEVIATIONS), []),
      tensor('plumbline.highest', Float32Array.of(MOST_DEVIATIONS), []),
      tensor('plumbline.zero', Float32Array.of(0), [1, 1]),
    ],
    outputs: ['plumbline.values', 'plumbline.flags'],
  };
}

/** One column a category, all 0 for one that is not known. */
function flagCategories(
  { name, categories }: Extract<LinearFeature, { type: 'categorical' }>,
  at: number,
): { nodes: Message[]; output: string } {
  const flags = `plumbline.flags.${at}`;
  const output = `plumbline.category.${at}`;
  const encode = [stringsAttribute('cats_strings', categories), intAttribute('zeros', 1)];
  return {
    nodes: [
      operator('OneHotEncoder', 'ai.onnx.ml', [name], [flags], encode),
      operator('Flatten', '', [flags], [output], [intAttribute('axis', 1)]),
    ],
    output,
  };
}
