import { encodeOnnx } from '../../../core/onnx/model-file.js';
import type { TreeModel } from '../gbdt/model.js';
import type { Model } from '../model.js';
import { inputPart } from './inputs.js';
import { linearPart, type SumsPart } from './linear-part.js';
import { outputNames, outputPart } from './outputs.js';
import { treeEnsemble } from './tree-ensemble.js';

const PRODUCER = 'plumbline built-in trainer';
const IR_VERSION = 10;
const STANDARD_OPSET = 17;
/** The first version of ai.onnx.ml with `TreeEnsemble` and its category sets. */
const TREE_OPSET = 5;
const SUMS = 'plumbline.sums';

/**
 * The model as an ONNX file (inputs: see `inputPart`; outputs: see `outputNames`). The metadata names the producer, the task,
 * the features (JSON: name and type, in order) and the classes (JSON).
 * @throws RangeError  in a model with categories, a feature has the name of an output or begins with "plumbline."
 */
export function exportOnnx(model: Model): Uint8Array {
  const taken = new Set(outputNames(model));
  const input = model.kind === 'trees' ? treePart(model) : linearPart(model, SUMS);
  for (const { name } of input.inputs) {
    if (typeof name === 'string' && (taken.has(name) || name.startsWith('plumbline.'))) {
      throw new RangeError(`exportOnnx: feature "${name}" has the name of a tensor of the model; rename the feature`);
    }
  }
  const output = outputPart(model, SUMS);
  const file = {
    irVersion: IR_VERSION,
    producerName: PRODUCER,
    opsetImport: [
      { domain: '', version: STANDARD_OPSET },
      { domain: 'ai.onnx.ml', version: TREE_OPSET },
    ],
    graph: {
      name: model.kind === 'trees' ? 'trees' : 'linear model',
      node: [...input.nodes, ...output.nodes],
      initializer: [...input.initializers, ...output.initializers],
      input: input.inputs,
      output: output.outputs,
    },
    metadataProps: metadata(model),
  };
  return encodeOnnx(file, 'packed');
}

function treePart(model: TreeModel): SumsPart {
  const input = inputPart(model.features);
  return {
    inputs: input.inputs,
    nodes: [...input.nodes, treeEnsemble(model, input.output, SUMS)],
    initializers: [],
  };
}

function metadata(model: Model): { key: string; value: string }[] {
  const features = model.features.map(({ name, type }) => ({ name, type }));
  return [
    { key: 'producer', value: PRODUCER },
    { key: 'task', value: model.task },
    { key: 'features', value: JSON.stringify(features) },
    { key: 'classes', value: JSON.stringify(model.classes) },
  ];
}
