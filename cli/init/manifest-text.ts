import { stringify } from 'yaml';
import type { Draft } from './infer.js';

/** The text of model.yaml, a feature a line, with what a person will want to change explained. */
export function manifestText(
  draft: Draft,
  { name, target, onnxFile, csvFile }: { name: string; target: string; onnxFile: string; csvFile: string },
): string {
  const { task, classes, positiveClass, features, mapping, metric, found } = draft;
  const lines = [
    `# Made by plumbline init from ${onnxFile} and ${csvFile}. docs/model-projects.md has all keys.`,
    `name: ${flow(name)}`,
    `task: ${task}`,
    `target: ${flow(target)}`,
    ...(classes.length > 0 ? [`classes: ${flow(classes)}  # in the order of the model's probabilities`] : []),
    ...(positiveClass === undefined ? [] : [`positiveClass: ${flow(positiveClass)}`]),
    '',
    'features:  # in the order of the model; unit, range and description may be added',
    ...features.map((feature) => `  - ${flow(feature)}`),
    '',
    `onnx: ${flow(mapping)}`,
    ...(found.target === undefined && task !== 'regression' ? monitoringWithoutTruth() : []),
    '',
    'retraining:',
    `  metric: ${metric}`,
    '  promotion: manual  # a better challenger of the built-in trainer waits for you; automatic: it takes over',
    '',
  ];
  return lines.join('\n');
}

function monitoringWithoutTruth(): string[] {
  return [
    '',
    'monitoring:',
    "  performanceLoss: 1  # reference.csv holds the model's own answers, which nothing can be held against",
  ];
}

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}
