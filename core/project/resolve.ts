import { closest } from '../closest.js';
import type { CsvTable } from '../csv.js';
import type { OnnxFile } from '../inference/onnx-session.js';
import type { Feature, Manifest, Metric, OnnxMapping } from '../manifest/manifest.js';
import { resolveLimits } from '../manifest/retraining-limits.js';
import type { FeatureSource, ManifestSource } from '../manifest/schema.js';
import type { Step } from '../preparation/step.js';
import type { Problem } from '../problems.js';
import { resolveOnnxMapping } from './onnx-mapping.js';
import { resolveMonitoring } from './resolve-monitoring.js';
import { resolvePreparation } from './resolve-preparation.js';
import { resolveWatching } from './resolve-watching.js';

/** A manifest with all gaps filled, and a line for each thing that was inferred. */
export interface ResolvedManifest {
  manifest: Manifest;
  inferred: string[];
}

/** Says where a field of model.yaml stands, for messages. */
export type LocateField = (...path: (string | number)[]) => string;

/**
 * Fills what a manifest leaves open from the ONNX file, from reference.csv and from the defaults. Adds what cannot be to `problems`.
 * Medians of a feature preparation are not fitted: see `fitPreparation`.
 */
export function resolveManifest(
  source: ManifestSource,
  onnx: OnnxFile | undefined,
  reference: CsvTable,
  problems: Problem[],
  locate: LocateField = () => 'model.yaml',
): ResolvedManifest {
  const inferred: string[] = [];
  const { inputs, steps } = resolvePreparation(source, problems, locate);
  const features = source.features.map((feature) =>
    resolveFeature(feature, steps.get(feature.name), reference, inferred),
  );
  reportDuplicates(source, problems, locate);
  const classes = source.task === 'regression' ? [] : resolveClasses(source, reference, inferred);
  const mapping: OnnxMapping = onnx
    ? resolveOnnxMapping(source, features, classes, onnx, problems, inferred)
    : { input: 'tensor' };
  const manifest: Manifest = {
    name: source.name,
    ...(source.description !== undefined && { description: source.description }),
    task: source.task,
    target: source.target,
    classes,
    ...resolveDecision(source, classes, problems, locate),
    ...(inputs && { inputs }),
    features,
    onnx: mapping,
    monitoring: {
      ...resolveMonitoring(source.monitoring),
      ...resolveWatching(source, features, reference, problems, locate),
    },
    retraining: {
      ...(source.retraining?.command && { command: source.retraining.command }),
      metric: source.retraining?.metric ?? defaultMetric(source),
      minimumOutcomes: source.retraining?.minimumOutcomes ?? 500,
      maximumRows: source.retraining?.maximumRows ?? 5000,
      minimumImprovement: source.retraining?.minimumImprovement ?? 0,
      cooldownMinutes: source.retraining?.cooldownMinutes ?? 1440,
      timeoutMinutes: source.retraining?.timeoutMinutes ?? 30,
      promotion: source.retraining?.promotion ?? 'automatic',
      ...resolveLimits(source.retraining ?? {}),
    },
    ...(source.training && { training: source.training }),
  };
  reportImpossible(manifest, problems, locate);
  return { manifest, inferred };
}

function resolveFeature(
  source: FeatureSource,
  from: Step | undefined,
  reference: CsvTable,
  inferred: string[],
): Feature {
  const { name, unit, description } = source;
  const common = {
    name,
    ...(unit !== undefined && { unit }),
    ...(description !== undefined && { description }),
    missing: source.missing ?? false,
    ...(from && { from }),
  };
  if (source.type === 'boolean') return { ...common, type: 'boolean' };
  if (source.type === 'numeric') {
    const range = source.range ? { range: source.range as [number, number] } : {};
    return { ...common, type: 'numeric', ...range, outOfRange: source.outOfRange ?? 'flag' };
  }
  const categories = source.categories ?? distinct(reference, from?.of[0] ?? name);
  if (!source.categories) inferred.push(`features.${name}.categories: ${categories.length} read off reference.csv`);
  return { ...common, type: 'categorical', categories, unseen: source.unseen ?? 'flag' };
}

function resolveClasses(source: ManifestSource, reference: CsvTable, inferred: string[]): string[] {
  if (source.classes) return source.classes;
  const classes = distinct(reference, source.target);
  inferred.push(`classes: ${classes.join(', ')} (read off reference.csv, in sorted order)`);
  return classes;
}

function resolveDecision(
  source: ManifestSource,
  classes: string[],
  problems: Problem[],
  locate: LocateField,
): Pick<Manifest, 'positiveClass' | 'decisionThreshold'> {
  if (source.task !== 'binary') {
    if (source.positiveClass !== undefined || source.decisionThreshold !== undefined) {
      problems.push({
        where: locate(source.positiveClass === undefined ? 'decisionThreshold' : 'positiveClass'),
        message: 'positiveClass and decisionThreshold are for task binary; remove them',
      });
    }
    return {};
  }
  const positiveClass = source.positiveClass ?? classes.at(-1) ?? '';
  if (classes.length > 0 && !classes.includes(positiveClass)) {
    problems.push({
      where: locate('positiveClass'),
      message: `positiveClass "${positiveClass}" is not one of ${classes.join(', ')}`,
    });
  }
  if (source.decisionThreshold === undefined) return { positiveClass };
  return { positiveClass, decisionThreshold: source.decisionThreshold };
}

function reportDuplicates(source: ManifestSource, problems: Problem[], locate: LocateField): void {
  const names = source.features.map((f) => f.name);
  for (const name of new Set(names.filter((n, i) => names.indexOf(n) !== i))) {
    problems.push({
      where: locate('features', names.lastIndexOf(name)),
      message: `feature "${name}" stands twice; remove one`,
    });
  }
  if (names.includes(source.target)) {
    problems.push({
      where: locate('features', names.indexOf(source.target)),
      message: `the target "${source.target}" is also a feature; remove it from features`,
    });
  }
}

function reportImpossible(manifest: Manifest, problems: Problem[], locate: LocateField): void {
  const say = (message: string, ...path: (string | number)[]): unknown =>
    problems.push({ where: locate(...path), message });
  for (const name of Object.keys(manifest.monitoring.features)) {
    if (manifest.features.some((feature) => feature.name === name)) continue;
    const guess = closest(
      name,
      manifest.features.map((feature) => feature.name),
    );
    const advice = guess ? `did you mean "${guess}"?` : 'name one of its features';
    say(`monitoring.features: the model has no feature "${name}"; ${advice}`, 'monitoring', 'features', name);
  }
  const [k, n] = manifest.monitoring.confirm;
  if (k > n) say(`monitoring.confirm: ${k} of ${n} can never hold; write [${n}, ${k}]`, 'monitoring', 'confirm');
  // No class at all: the target column is missing or empty, which is said already.
  if (manifest.task === 'binary' && manifest.classes.length > 0 && manifest.classes.length !== 2) {
    const some = manifest.classes.slice(0, 5).join(', ');
    say(`task binary needs two classes, found ${manifest.classes.length}: ${some}`, 'classes');
  }
  if (manifest.task === 'multiclass' && manifest.classes.length === 1)
    say('task multiclass needs at least two classes', 'classes');
  const regressionMetric = ['mae', 'rmse'].includes(manifest.retraining.metric);
  if (regressionMetric !== (manifest.task === 'regression')) {
    say(`retraining.metric: ${manifest.retraining.metric} does not fit task ${manifest.task}`, 'retraining', 'metric');
  }
  const trainingMetric = manifest.training?.metric;
  if (trainingMetric && ['mae', 'rmse'].includes(trainingMetric) !== (manifest.task === 'regression')) {
    say(`training.metric: ${trainingMetric} does not fit task ${manifest.task}`, 'training', 'metric');
  }
  for (const [i, feature] of manifest.features.entries()) {
    if (feature.type === 'numeric' && feature.range && feature.range[0] >= feature.range[1]) {
      say(
        `features.${feature.name}.range: the lowest value ${feature.range[0]} is not below the highest ${feature.range[1]}`,
        'features',
        i,
        'range',
      );
    }
  }
}

function defaultMetric(source: ManifestSource): Metric {
  return source.task === 'regression' ? 'mae' : 'accuracy';
}

function distinct(reference: CsvTable, column: string): string[] {
  const values = new Set(reference.rows.map((row) => row[column] ?? ''));
  values.delete('');
  return [...values].sort();
}
