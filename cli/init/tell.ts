import { isDeepStrictEqual } from 'node:util';
import type { Draft, Sources } from './infer.js';
import { showTensor } from './signature.js';

/** What was inferred, a line for each thing, for people. */
export function tellInferred({ signature, onnxFile, training, test }: Sources, draft: Draft): string[] {
  const { found, features, task, classes, metric, mapping } = draft;
  const { file, table } = training;
  const rows = `${table.rows.length} rows of ${file}${test ? `, ${test.table.rows.length} of ${test.file}` : ''}`;
  const used = new Set([...found.features, found.target]);
  const unused = table.columns.filter((name) => !used.has(name));
  const facts: [string, string | undefined][] = [
    [
      'read',
      `${onnxFile} (${shorten(signature.inputs.map(showTensor))} -> ${shorten(signature.outputs.map(showTensor))})`,
    ],
    ['', rows],
    [
      'task',
      classes.length > 0
        ? `${task}: ${shorten(classes)}${isDeepStrictEqual(signature.labels, classes) ? ', as the model lists them' : ''}`
        : task,
    ],
    ['target', found.target && `${found.target}; the model agrees with it: ${found.agreement!.words}`],
    ['positive', draft.positiveClass],
    ['features', typesOf(features)],
    ['missing', shortenOrNone(features.filter((feature) => feature.missing).map((feature) => feature.name))],
    ['left out', unused.length > 0 ? `${shorten(unused)}: the model does not take them` : undefined],
    ['input', mapping.input === 'tensor' ? 'one tensor, features in this order' : 'one input a feature, by name'],
    ['metric', metric === 'log_loss' ? 'log_loss, as one class makes up most rows' : metric],
    ...draft.changes.map((change): [string, string] => ['changed', `in the copy of the model: ${change}`]),
  ];
  return facts.flatMap(([what, value]) => (value === undefined ? [] : [`  ${what.padEnd(9)} ${value}`]));
}

/** What a person should look at before they trust the project. */
export function tellDoubts({ training, test }: Sources, { found, task, mapping }: Draft): string[] {
  const doubts: string[] = [];
  if (found.target === undefined) {
    doubts.push(
      `${training.file} has no column with the truth, so the model's own answers stand in for it: drift can be watched, performance cannot be held against anything. Name the column with --target if there is one`,
    );
  } else if (found.agreement!.skill <= 0) {
    doubts.push(
      `the model hardly agrees with ${found.target} (${found.agreement!.words}), no better than the same answer to all rows: is it the target (--target), and are the columns in the order of the training (--features)?`,
    );
  }
  if (found.typed.notes.length > 0) {
    doubts.push(
      `texts are given to the model as their place in sorted order, as OrdinalEncoder and pandas' codes have it; if it was trained with others, correct "categories" in model.yaml: ${found.typed.notes.join('; ')}`,
    );
  }
  if (!test && found.target !== undefined) {
    doubts.push(
      'without --test the performance at registration is that on rows the model has learned, which is too good',
    );
  }
  if (task !== 'regression' && mapping.probabilities === undefined) {
    doubts.push(
      'the model gives labels without probabilities: no score is watched, and performance cannot be estimated',
    );
  }
  return doubts.map((doubt) => `  look at   ${doubt}`);
}

function typesOf(features: Draft['features']): string {
  const types = ['numeric', 'categorical', 'boolean'] as const;
  const parts = types.flatMap((type) => {
    const names = features.filter((feature) => feature.type === type).map(({ name }) => name);
    return names.length > 0 ? [`${names.length} ${type} (${shorten(names)})`] : [];
  });
  return parts.join(', ');
}

const MOST_NAMES = 6;

function shorten(names: string[]): string {
  return names.slice(0, MOST_NAMES).join(', ') + (names.length > MOST_NAMES ? ', …' : '');
}

function shortenOrNone(names: string[]): string | undefined {
  return names.length > 0 ? `may be missing: ${shorten(names)}` : undefined;
}
