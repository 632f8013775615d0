import { closest } from '../../core/closest.js';
import type { TensorInfo } from '../../core/inference/onnx-session.js';
import type { Problem } from '../../core/problems.js';
import { showTensor } from './signature.js';

/** How the features of a row reach a model: all in one float tensor, or each in an input of its own, by name. */
export type InputPlan =
  | { kind: 'tensor' /** Features a row; undefined where the file leaves it open. */; width: number | undefined }
  | { kind: 'columns'; inputs: TensorInfo[] };

/**
 * Reads off its inputs how a model takes a row.
 * @param columns  names of the columns of the rows
 * @returns undefined where it cannot be served; `problems` then says why, and what to do
 */
export function planInputs(
  inputs: TensorInfo[],
  columns: string[],
  where: string,
  problems: Problem[],
): InputPlan | undefined {
  const before = problems.length;
  const say = (message: string): unknown => problems.push({ where, message });
  const [first] = inputs;
  const byName = inputs.length > 1 || (first?.shape?.at(-1) === 1 && columns.includes(first.name));
  for (const input of inputs) checkShape(input, byName, say);
  if (first && byName) checkNames(inputs, columns, say);
  if (!first) say('has no input');
  if (problems.length > before || !first) return undefined;
  const width = first.shape?.[1] ?? -1;
  return byName ? { kind: 'columns', inputs } : { kind: 'tensor', width: width === -1 ? undefined : width };
}

function checkShape(input: TensorInfo, byName: boolean, say: (message: string) => void): void {
  const shape = input.shape ?? [];
  if (!input.isTensor || shape.length > 2 || (shape.length < 2 && !byName)) {
    say(`input ${showTensor(input)} is no table of rows and features, which is all that can be served`);
  } else if ((shape[0] ?? -1) !== -1) {
    const axes = `dynamic_axes={"${input.name}": {0: "rows"}} of torch.onnx.export, [None, …] of skl2onnx and onnxmltools`;
    say(`input ${showTensor(input)} takes exactly ${shape[0]} rows; export it for any number of them: ${axes}`);
  } else if (byName && (shape[1] ?? 1) !== 1 && shape[1] !== -1) {
    say(
      `input ${showTensor(input)} takes ${shape[1]} numbers; give every feature an input of its own, or all of them one`,
    );
  }
  if (!input.isTensor || input.type === 'float32' || (byName && input.type === 'string')) return;
  const types = byName ? 'FloatTensorType([None, 1]), texts as StringTensorType([None, 1])' : 'float32';
  const advice = `export it with ${types} inputs (skl2onnx: initial_types; numpy and pandas: .astype("float32"))`;
  say(`input ${showTensor(input)} is of a type that cannot be served; ${advice}`);
}

function checkNames(inputs: TensorInfo[], columns: string[], say: (message: string) => void): void {
  const lost = inputs.map(({ name }) => name).filter((name) => !columns.includes(name));
  if (lost.length === 0) return;
  const guess = closest(lost[0]!, columns);
  const advice = guess
    ? `rename its column "${guess}"`
    : `name its columns after the model's inputs; it has ${columns.join(', ')}`;
  say(`takes ${lost.map((name) => `"${name}"`).join(', ')}, which the rows do not have; ${advice}`);
}
