import type { OnnxModel } from '../../core/onnx/model-file.js';

/** Attributes of ai.onnx.ml operators (tree ensembles, linear and support vector classifiers, ZipMap) that list the classes. */
const LISTS = new Set(['classlabels_strings', 'classlabels_int64s', 'classlabels_ints']);

/** The class labels that a file names, as text, in the order of the probabilities; undefined where no operator lists them. */
export function classLabels(model: OnnxModel): string[] | undefined {
  for (const node of [...model.graph.node].reverse()) {
    for (const { name, ints = [], strings = [] } of node.attribute ?? []) {
      if (!LISTS.has(name)) continue;
      const labels =
        strings.length > 0 ? strings.map((bytes) => Buffer.from(bytes).toString('utf8')) : ints.map(String);
      if (labels.length > 0) return labels;
    }
  }
  return undefined;
}
