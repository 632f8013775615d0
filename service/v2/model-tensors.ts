import type { OnnxModel } from '../../core/inference/onnx-session.js';
import type { Feature, Manifest } from '../../core/manifest/manifest.js';
import type { Datatype } from './infer/datatypes.js';

/** A tensor as the protocol describes one; -1 in a shape is the number of rows, which varies. */
export interface TensorDescription {
  name: string;
  datatype: Datatype;
  shape: number[];
}

/** An output tensor, and which part of an answer it holds. */
export interface OutputDescription extends TensorDescription {
  holds: 'label' | 'probabilities' | 'value';
}

/** What a model takes and gives, in the protocol's terms. */
export interface ModelTensors {
  inputs: TensorDescription[];
  outputs: OutputDescription[];
}

/** The tensors of a model, under the names of its ONNX file. */
export function modelTensors(manifest: Manifest, onnx: Pick<OnnxModel, 'inputs' | 'outputs'>): ModelTensors {
  const inputs: TensorDescription[] =
    manifest.onnx.input === 'tensor'
      ? [{ name: onnx.inputs[0]!.name, datatype: 'FP32', shape: [-1, manifest.features.length] }]
      : manifest.features.map((feature) => ({ name: feature.name, datatype: datatypeOf(feature), shape: [-1, 1] }));
  return { inputs, outputs: describeOutputs(manifest, onnx) };
}

function datatypeOf(feature: Feature): Datatype {
  return feature.type === 'numeric' ? 'FP32' : feature.type === 'boolean' ? 'BOOL' : 'BYTES';
}

/**
 * A classifier gives the label, then the probabilities where it has them; the label is made of the probabilities where
 * the file has no output for it. Labels are BYTES, or INT64 where the file says so and every class is an integer.
 */
function describeOutputs(
  { onnx: names, classes, task }: Manifest,
  onnx: Pick<OnnxModel, 'outputs'>,
): OutputDescription[] {
  const file = (name: string | undefined) => onnx.outputs.find((output) => output.name === name);
  if (task === 'regression') {
    const flat = file(names.value)?.shape?.length === 1;
    return [{ name: names.value!, datatype: 'FP32', shape: flat ? [-1] : [-1, 1], holds: 'value' }];
  }
  const integers = file(names.label)?.type === 'int64' && classes.every((name) => /^(0|-?[1-9]\d{0,17})$/.test(name));
  const name = names.label ?? (names.probabilities === 'label' ? 'predicted_label' : 'label');
  const label: OutputDescription = { name, datatype: integers ? 'INT64' : 'BYTES', shape: [-1], holds: 'label' };
  if (names.probabilities === undefined) return [label];
  return [label, { name: names.probabilities, datatype: 'FP32', shape: [-1, classes.length], holds: 'probabilities' }];
}
