import type { OnnxModel, OnnxNode } from '../../core/onnx/model-file.js';

/** AttributeProto.AttributeType of a whole number. */
const INT = 2;

/**
 * Makes the tensor that a ZipMap turns into maps an output of its own, in place of the maps, which cannot be served. The
 * numbers stay what they are. @returns names of the outputs that were maps
 */
export function takeOffZipMaps({ graph }: OnnxModel, classes: number | undefined): string[] {
  const maps = graph.node.filter((node) => node.opType === 'ZipMap');
  const names = maps.map((node) => node.output[0]!);
  graph.node = graph.node.filter((node) => !maps.includes(node));
  graph.output = graph.output.flatMap((output) => {
    const map = maps.find((node) => node.output[0] === output.name);
    if (!map) return [output];
    const name = map.input[0]!;
    return graph.output.some((other) => other.name === name) ? [] : [{ name, type: floatRows(classes) }];
  });
  return names;
}

/**
 * Puts the function behind an output that turns raw scores into probabilities: softmax over the classes, or the sigmoid of
 * a single score. @returns name of the new output, which takes the place of the other
 */
export function appendLink({ graph }: OnnxModel, output: string, width: number): string {
  const taken = new Set(graph.node.flatMap((node) => node.output));
  const name = taken.has('probabilities') ? 'plumbline.probabilities' : 'probabilities';
  const softmax = { opType: 'Softmax', attribute: [{ name: 'axis', i: 1, type: INT }] };
  const link: OnnxNode = { ...(width === 1 ? { opType: 'Sigmoid' } : softmax), input: [output], output: [name] };
  graph.node = [...graph.node, { ...link, name: 'plumbline.link' }];
  graph.output = graph.output.map((other) => (other.name === output ? { name, type: floatRows(width) } : other));
  return name;
}

/** Takes an output away; what it is computed from stays. */
export function dropOutput({ graph }: OnnxModel, name: string): void {
  graph.output = graph.output.filter((output) => output.name !== name);
}

/** The type of a float tensor [rows, columns] (onnx.proto, TypeProto; 1 is FLOAT). */
function floatRows(columns: number | undefined): unknown {
  const second = columns === undefined ? { dimParam: 'columns' } : { dimValue: columns };
  return { tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'rows' }, second] } } };
}
