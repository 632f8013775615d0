import type { Model } from '../gbdt/model.js';
import { intAttribute, intsAttribute, type Message, operator, stringsAttribute, tensor, valueInfo } from './values.js';

/** The part of a graph that turns summed leaf values into answers. */
export interface OutputPart {
  readonly outputs: readonly Message[];
  readonly nodes: readonly Message[];
  readonly initializers: readonly Message[];
}

/** Names of a model's outputs: `label` (string [rows]) and `probabilities` (float [rows, classes]), or `value` (float [rows, 1]). */
export function outputNames(model: Model): readonly string[] {
  return model.task === 'regression' ? ['value'] : ['label', 'probabilities'];
}

/** Adds the base score and applies the link of the model's task. `sums` names the float tensor [rows, outputs] of the trees. */
export function outputPart(model: Model, sums: string): OutputPart {
  const base = tensor('plumbline.base', model.base, [1, model.base.length]);
  if (model.task === 'regression') {
    return {
      outputs: [valueInfo('value', 'float', 1)],
      nodes: [operator('Add', '', [sums, 'plumbline.base'], ['value'])],
      initializers: [base],
    };
  }
  const link = model.task === 'binary' ? logistic() : softmax();
  return {
    outputs: [valueInfo('label', 'string'), valueInfo('probabilities', 'float', model.classes.length)],
    nodes: [operator('Add', '', [sums, 'plumbline.base'], ['plumbline.scores']), ...link, ...label(model.classes)],
    initializers: model.task === 'binary' ? [base, tensor('plumbline.one', Float32Array.of(1), [1, 1])] : [base],
  };
}

function softmax(): Message[] {
  return [operator('Softmax', '', ['plumbline.scores'], ['probabilities'], [intAttribute('axis', 1)])];
}

function logistic(): Message[] {
  const columns = ['plumbline.first', 'plumbline.second'];
  return [
    operator('Sigmoid', '', ['plumbline.scores'], ['plumbline.second']),
    operator('Sub', '', ['plumbline.one', 'plumbline.second'], ['plumbline.first']),
    operator('Concat', '', columns, ['probabilities'], [intAttribute('axis', 1)]),
  ];
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
