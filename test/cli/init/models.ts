import { encodeOnnx } from '../../../core/onnx/model-file.js';
import {
  ELEMENT,
  floatAttribute,
  floatsAttribute,
  intAttribute,
  intsAttribute,
  type Message,
  operator,
  stringsAttribute,
  tensor,
  valueInfo,
} from '../../../trainer/builtin/onnx/values.js';

/** A linear model: a row of weights and an intercept for each score. */
export interface Linear {
  weights: number[][];
  intercepts: number[];
}

/** Float64 (onnx.proto, TensorProto.DataType). */
const DOUBLE = 11;

/** As skl2onnx exports a classifier: labels, and beside them probabilities as a tensor or as a map (of 64 bits, too), or scores that are none. */
export function sklearnClassifier(
  { weights, intercepts }: Linear,
  labels: string[] | number[],
  beside: 'probabilities' | 'zipmap' | 'scores' | 'double map',
): Uint8Array {
  const strings = labels.filter((label) => typeof label === 'string');
  const integers = labels.filter((label) => typeof label === 'number');
  const classes = (name: string): Message =>
    strings.length > 0 ? stringsAttribute('classlabels_strings', strings) : intsAttribute(name, integers);
  const classify = operator(
    'LinearClassifier',
    'ai.onnx.ml',
    ['X'],
    ['label', 'scores'],
    [
      floatsAttribute('coefficients', weights.flat()),
      floatsAttribute('intercepts', intercepts),
      classes('classlabels_ints'),
    ],
  );
  const softmax = operator('Softmax', '', ['scores'], ['probabilities'], [intAttribute('axis', 1)]);
  const cast = operator('Cast', '', ['probabilities'], ['doubles'], [intAttribute('to', DOUBLE)]);
  const map = operator(
    'ZipMap',
    'ai.onnx.ml',
    [beside === 'zipmap' ? 'probabilities' : 'doubles'],
    ['output_probability'],
    [classes('classlabels_int64s')],
  );
  const nodes = {
    scores: [classify],
    probabilities: [classify, softmax],
    zipmap: [classify, softmax, map],
    'double map': [classify, softmax, cast, map],
  }[beside];
  // onnxruntime infers the type of the map.
  const second =
    beside === 'zipmap' || beside === 'double map'
      ? { name: 'output_probability' }
      : valueInfo(beside, 'float', labels.length);
  const outputs = [valueInfo('label', strings.length > 0 ? 'string' : 'int64'), second];
  return onnxOf(nodes, [], [valueInfo('X', 'float', weights[0]!.length)], outputs);
}

/** As torch.onnx exports `nn.Linear`, with what may follow it: floats in and out, any number of rows unless `rows` says so. */
export function torchLinear(
  { weights, intercepts }: Linear,
  options: { link?: 'Softmax' | 'Sigmoid'; rows?: number; outputs?: string[]; element?: keyof typeof ELEMENT } = {},
): Uint8Array {
  const { link, rows, outputs = ['output'], element = 'float' } = options;
  const [columns, width] = [weights[0]!.length, weights.length];
  const initializers = [
    tensor('weight', Float32Array.from(weights.flat()), [width, columns]),
    tensor('bias', Float32Array.from(intercepts), [width]),
  ];
  const first = outputs[0]!;
  const floats = element === 'float' ? 'input' : 'floats';
  const nodes = [
    ...(element === 'float' ? [] : [operator('Cast', '', ['input'], ['floats'], [intAttribute('to', ELEMENT.float)])]),
    operator(
      'Gemm',
      '',
      [floats, 'weight', 'bias'],
      [link ? 'sums' : first],
      [floatAttribute('alpha', 1), intAttribute('transB', 1)],
    ),
    ...(link ? [operator(link, '', ['sums'], [first])] : []),
    ...outputs.slice(1).map((name) => operator('Identity', '', [first], [name])),
  ];
  const dim = [rows === undefined ? { dimParam: 'rows' } : { dimValue: rows }, { dimValue: columns }];
  const input = { name: 'input', type: { tensorType: { elemType: ELEMENT[element], shape: { dim } } } };
  const values = outputs.map((name) => ({ ...valueInfo(name, 'float', width), ...(rows && { type: undefined }) }));
  return onnxOf(nodes, initializers, [input], values);
}

function onnxOf(node: Message[], initializer: Message[], input: Message[], output: Message[]): Uint8Array {
  const file = {
    irVersion: 8,
    producerName: 'test',
    opsetImport: [
      { domain: '', version: 17 },
      { domain: 'ai.onnx.ml', version: 3 },
    ],
    graph: { name: 'model', node, initializer, input, output },
  };
  return encodeOnnx(file, 'packed');
}

/** As skl2onnx exports a classifier of three features with `zipmap: "columns"`: labels, and an output for each class. */
export function columnsClassifier(labels: string[]): Uint8Array {
  const nodes = [
    operator(
      'LinearClassifier',
      'ai.onnx.ml',
      ['X'],
      ['label', 'scores'],
      [
        floatsAttribute('coefficients', new Array(3 * labels.length).fill(1)),
        floatsAttribute('intercepts', new Array(labels.length).fill(0)),
        stringsAttribute('classlabels_strings', labels),
      ],
    ),
    ...labels.map((name, i) =>
      operator('ArrayFeatureExtractor', 'ai.onnx.ml', ['scores', `index ${i}`], [`column ${name}`]),
    ),
    ...labels.map((name) => operator('Reshape', '', [`column ${name}`, 'flat'], [name])),
  ];
  const initializers = [
    ...labels.map((_, i) => tensor(`index ${i}`, BigInt64Array.of(BigInt(i)), [1])),
    tensor('flat', BigInt64Array.of(-1n), [1]),
  ];
  const outputs = [valueInfo('label', 'string'), ...labels.map((name) => valueInfo(name, 'float'))];
  return onnxOf(nodes, initializers, [valueInfo('X', 'float', 3)], outputs);
}
