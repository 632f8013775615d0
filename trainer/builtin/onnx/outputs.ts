import { LEAST_SHARE } from '../gbdt/answers.js';
import type { Model } from '../model.js';
import { intAttribute, intsAttribute, type Message, operator, stringsAttribute, tensor, valueInfo } from './values.js';

/** The part of a graph that turns raw scores without their base into answers. */
export interface OutputPart {
  readonly outputs: readonly Message[];
  readonly nodes: readonly Message[];
  readonly initializers: readonly Message[];
}

/** Names of a model's outputs: `label` (string [rows]) and `probabilities` (float [rows, classes]), or `value` (float [rows, 1]). */
export function outputNames(model: Model): readonly string[] {
  return model.task === 'regression' ? ['value'] : ['label', 'probabilities'];
}

/** Adds the base score and applies the model's link. `sums` names the float tensor [rows, outputs] to start from. */
export function outputPart(model: Model, sums: string): OutputPart {
  const base = tensor('plumbline.base', model.base, [1, model.base.length]);
  const isValue = model.task === 'regression' && model.link === 'none';
  const add = operator('Add', '', [sums, 'plumbline.base'], [isValue ? 'value' : 'plumbline.scores']);
  if (model.task === 'regression') {
    const nodes = isValue ? [add] : [add, operator('Exp', '', ['plumbline.scores'], ['value'])];
    return { outputs: [valueInfo('value', 'float', 1)], nodes, initializers: [base] };
  }
  const link = linkPart(model);
  return {
    outputs: [valueInfo('label', 'string'), valueInfo('probabilities', 'float', model.classes.length)],
    nodes: [add, ...link.nodes, ...label(model.classes)],
    initializers: [base, ...link.initializers],
  };
}

function linkPart({ link, classes }: Model): Omit<OutputPart, 'outputs'> {
  if (link === 'softmax') {
    const attributes = [intAttribute('axis', 1)];
    return {
      nodes: [operator('Softmax', '', ['plumbline.scores'], ['probabilities'], attributes)],
      initializers: [],
    };
  }
  if (link === 'logistic') {
    return pair([operator('Sigmoid', '', ['plumbline.scores'], ['plumbline.second'])], []);
  }
  const pairs = classes.length === 2;
  const limits = [
    tensor('plumbline.least', Float32Array.of(pairs ? 0 : LEAST_SHARE), []),
    tensor('plumbline.most', Float32Array.of(1), []),
  ];
  const inputs = ['plumbline.scores', 'plumbline.least', 'plumbline.most'];
  if (pairs) return pair([operator('Clip', '', inputs, ['plumbline.second'])], limits);
  return {
    nodes: [
      operator('Clip', '', inputs, ['plumbline.shares']),
      operator(
        'ReduceSum',
        '',
        ['plumbline.shares', 'plumbline.axes'],
        ['plumbline.total'],
        [intAttribute('keepdims', 1)],
      ),
      operator('Div', '', ['plumbline.shares', 'plumbline.total'], ['probabilities']),
    ],
    initializers: [...limits, tensor('plumbline.axes', BigInt64Array.of(1n), [1])],
  };
}

/** Both probabilities of two classes, once `nodes` have made that of the second one. */
function pair(nodes: readonly Message[], initializers: readonly Message[]): Omit<OutputPart, 'outputs'> {
  const columns = ['plumbline.first', 'plumbline.second'];
  return {
    nodes: [
      ...nodes,
      operator('Sub', '', ['plumbline.one', 'plumbline.second'], ['plumbline.first']),
      operator('Concat', '', columns, ['probabilities'], [intAttribute('axis', 1)]),
    ],
    initializers: [...initializers, tensor('plumbline.one', Float32Array.of(1), [1, 1])],
  };
}

function label(classes: readonly string[]): Message[] {
  return [
    operator(
      'ArgMax',
      '',
      ['probabilities'],
      ['plumbline.class'],
      [intAttribute('axis', 1), intAttribute('keepdims', 0)],
    ),
    operator(
      'LabelEncoder',
      'ai.onnx.ml',
      ['plumbline.class'],
      ['label'],
      [intsAttribute('keys_int64s', [...classes.keys()]), stringsAttribute('values_strings', classes)],
    ),
  ];
}
