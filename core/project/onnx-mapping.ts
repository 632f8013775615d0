import { closest } from '../closest.js';
import type { OnnxFile, TensorInfo } from '../inference/onnx-session.js';
import type { Feature, OnnxMapping } from '../manifest/manifest.js';
import type { ManifestSource } from '../manifest/schema.js';
import type { Problem } from '../problems.js';

/** Decides how features map to the ONNX inputs and which outputs answer; says what does not fit and how to mend it. */
export function resolveOnnxMapping(
  source: Pick<ManifestSource, 'onnx' | 'task'>,
  features: Feature[],
  classes: string[],
  onnx: OnnxFile,
  problems: Problem[],
  inferred: string[],
): OnnxMapping {
  const say = (message: string): unknown => problems.push({ where: 'model.onnx', message });
  const input = source.onnx?.input ?? guessInput(features, onnx);
  if (!source.onnx?.input) inferred.push(`onnx.input: ${input} (${onnx.inputs.map(show).join(', ')})`);
  if (input === 'tensor') checkTensorInput(features, onnx, say);
  else checkColumnInputs(features, onnx, say);
  return { input, ...resolveOutputs(source, classes, onnx, say, inferred) };
}

function guessInput(features: Feature[], onnx: OnnxFile): OnnxMapping['input'] {
  const byName = onnx.inputs.every((input) => features.some((f) => f.name === input.name));
  return byName || onnx.inputs.length > 1 ? 'columns' : 'tensor';
}

function checkTensorInput(features: Feature[], onnx: OnnxFile, say: (message: string) => void): void {
  const [first, ...rest] = onnx.inputs;
  if (!first || rest.length > 0) {
    say(
      `has ${onnx.inputs.length} inputs (${onnx.inputs.map((i) => i.name).join(', ')}), the manifest maps one tensor; write "onnx: {input: columns}" and name the features after the inputs`,
    );
    return;
  }
  const width = first.shape?.at(-1) ?? -1;
  if (first.type !== 'float32')
    say(`input ${show(first)} must be a float tensor; convert the model with a FloatTensorType input`);
  if (width !== -1 && width !== features.length) {
    say(
      `input ${show(first)} takes ${width} features, the manifest lists ${features.length}; list exactly the features the model was trained with`,
    );
  }
}

function checkColumnInputs(features: Feature[], onnx: OnnxFile, say: (message: string) => void): void {
  for (const feature of features) {
    const input = onnx.inputs.find((i) => i.name === feature.name);
    const wanted = feature.type === 'categorical' ? 'string' : 'float32';
    if (!input) {
      const names = onnx.inputs.map((i) => i.name);
      const guess = closest(feature.name, names);
      say(
        `has no input for feature "${feature.name}"; ${guess ? `did you mean "${guess}"?` : `its inputs are ${names.join(', ')}`}`,
      );
    } else if (input.type !== wanted)
      say(`input ${show(input)} must be ${wanted} for the ${feature.type} feature "${feature.name}"`);
  }
  for (const input of onnx.inputs) {
    if (!features.some((f) => f.name === input.name))
      say(`input ${show(input)} is no feature of the manifest; add it to features`);
  }
}

function resolveOutputs(
  source: Pick<ManifestSource, 'onnx' | 'task'>,
  classes: string[],
  onnx: OnnxFile,
  say: (message: string) => void,
  inferred: string[],
): Omit<OnnxMapping, 'input'> {
  for (const output of onnx.outputs.filter((o) => !o.isTensor)) {
    say(
      `output "${output.name}" is a map or sequence, which cannot be served; convert again with zipmap off (skl2onnx: options={"zipmap": False}; onnxmltools: zipmap=False)`,
    );
  }
  const tensors = onnx.outputs.filter((o) => o.isTensor);
  const pick = (role: 'label' | 'probabilities' | 'value', guess: TensorInfo | undefined): string | undefined => {
    const written = source.onnx?.[role];
    if (written !== undefined) {
      if (!onnx.outputs.some((o) => o.name === written)) {
        say(`has no output "${written}" (onnx.${role}); its outputs are ${onnx.outputs.map((o) => o.name).join(', ')}`);
      }
      return written;
    }
    if (guess) inferred.push(`onnx.${role}: ${show(guess)}`);
    return guess?.name;
  };
  if (source.task === 'regression') {
    const value = pick(
      'value',
      tensors.find((o) => o.type === 'float32' || o.type === 'float64'),
    );
    if (value === undefined) say('has no float output to take the value from');
    return value === undefined ? {} : { value };
  }
  const probabilities = pick(
    'probabilities',
    tensors.find((o) => isProbabilities(o, classes.length)),
  );
  const label = pick(
    'label',
    tensors.find((o) => o.name !== probabilities && ['string', 'int64', 'int32'].includes(o.type ?? '')),
  );
  if (probabilities === undefined && label === undefined) {
    say(
      `has no output of shape [rows, ${classes.length}] and no label output; its outputs are ${onnx.outputs.map(show).join(', ')}`,
    );
  }
  return { ...(label !== undefined && { label }), ...(probabilities !== undefined && { probabilities }) };
}

function isProbabilities(output: TensorInfo, classes: number): boolean {
  const width = output.shape?.at(-1) ?? -1;
  return output.type === 'float32' && (width === classes || width === -1 || (width === 1 && classes === 2));
}

function show(tensor: TensorInfo): string {
  return `${tensor.name} ${tensor.type ?? '(not a tensor)'}[${tensor.shape?.map((d) => (d === -1 ? '?' : d)).join(',') ?? ''}]`;
}
