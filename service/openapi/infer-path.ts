import type { Feature } from '../../core/manifest/manifest.js';
import type { ServingModel } from '../models/serving-model.js';
import { DATATYPES } from '../v2/infer/datatypes.js';
import { inferOperation, OPTIONAL_OBJECT } from './v2-paths.js';

/** The inference path of one model, with the names of its tensors and an example of a row. */
export function inferPath(model: ServingModel): Record<string, object> {
  const { name, layout, tensors } = model;
  const inputs = new Set([...tensors.inputs, ...layout.features].map((input) => input.name));
  const tensor = {
    type: 'object',
    properties: {
      name: { type: 'string', enum: [...inputs] },
      datatype: { type: 'string', enum: Object.keys(DATATYPES) },
      shape: { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 1, maxItems: 2 },
      parameters: OPTIONAL_OBJECT,
      data: { type: 'array', description: 'flat, or nested as the shape' },
    },
    required: ['name', 'datatype', 'shape'],
  };
  const output = {
    type: 'object',
    properties: {
      name: { type: 'string', enum: tensors.outputs.map((each) => each.name) },
      parameters: OPTIONAL_OBJECT,
    },
    required: ['name'],
  };
  const schema = {
    type: 'object',
    properties: {
      id: { type: ['string', 'null'] },
      parameters: OPTIONAL_OBJECT,
      inputs: { type: 'array', minItems: 1, items: tensor },
      outputs: { type: ['array', 'null'], items: output },
    },
    required: ['inputs'],
  };
  return { [`/v2/models/${name}/infer`]: { post: inferOperation([], schema, { inputs: exampleInputs(model) }) } };
}

/** A plausible row as the tensors that the model's metadata names. */
function exampleInputs({ layout, tensors, example }: ServingModel): object[] {
  if (layout.onnx.input === 'columns') {
    return tensors.inputs.map(({ name, datatype }) => ({ name, datatype, shape: [1, 1], data: [example[name]] }));
  }
  const data = layout.features.map((feature) => asNumber(feature, example[feature.name]));
  const { name, datatype } = tensors.inputs[0]!;
  return [{ name, datatype, shape: [1, data.length], data }];
}

function asNumber(feature: Feature, value: number | string | boolean | undefined): number {
  return feature.type === 'categorical' ? feature.categories.indexOf(String(value)) : Number(value);
}
