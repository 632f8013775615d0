import type { TensorInfo } from '../../core/inference/onnx-session.js';
import type { Problem } from '../../core/problems.js';
import type { Outputs } from './run-model.js';
import { showTensor } from './signature.js';

const LABEL_TYPES = ['string', 'int64', 'int32'];
const SCORE_TYPES = ['float32', 'float64'];

/**
 * Picks the outputs that answer: one of labels, if there is any, and one of floats.
 * @param wanted  the float output that a person named
 * @returns undefined where it cannot be told; `problems` then says why, and what to do
 */
export function pickOutputs(
  outputs: TensorInfo[],
  wanted: string | undefined,
  where: string,
  problems: Problem[],
): Outputs | undefined {
  const say = (message: string): undefined => void problems.push({ where, message });
  const all = outputs.map(showTensor).join(', ');
  const maps = outputs.filter((output) => !output.isTensor);
  if (maps.length > 0) {
    return say(`output ${showTensor(maps[0]!)} cannot be served; export it with tensors only (zipmap off)`);
  }
  const floats = outputs.filter(({ type }) => SCORE_TYPES.includes(type ?? ''));
  const labels = outputs.filter(({ type }) => LABEL_TYPES.includes(type ?? ''));
  if (wanted !== undefined && !floats.some(({ name }) => name === wanted)) {
    return say(`has no float output "${wanted}"; its outputs are ${all}`);
  }
  if (labels.length > 0 && floats.length > 1 && floats.every(({ shape }) => shape?.length === 1)) {
    return say(
      `has an output for each class (${all}); export it with zipmap off (skl2onnx: options={"zipmap": False})`,
    );
  }
  const probabilities = floats.filter(({ name }) => /prob/i.test(name));
  const likely = probabilities.length === 1 ? probabilities : floats;
  if (wanted === undefined && likely.length > 1) {
    return say(
      `has more than one output that may be the answer (${all}); name the one with --output ${likely[0]!.name}`,
    );
  }
  if (labels.length > 1) {
    return say(`answers with more than one label a row (${all}), which cannot be served; export a model for each`);
  }
  const [label] = labels;
  const scores = wanted ?? likely[0]?.name;
  if (!label && scores === undefined) return say(`has no output of labels or floats; its outputs are ${all}`);
  return { ...(label && { label: label.name }), ...(scores !== undefined && { scores }) };
}
