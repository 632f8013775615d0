import type { FeatureBatch } from '../inference/batch.js';
import { categoricalFeatures, type Feature, type Manifest, numericFeatures } from '../manifest/manifest.js';
import { describeStep } from './step.js';

/** Why the raw inputs of a row cannot be answered, though each of them is of its type. */
export interface UnusableInput {
  /** The raw input to look at: the first that the feature is made of. */
  input: string;
  message: string;
  reason: 'out_of_range' | 'unseen_category';
}

/** Finds what is wrong with the features that were made of a row's inputs; empty where nothing is. */
export type FindUnusable = (batch: FeatureBatch, row: number) => UnusableInput[];

/**
 * Prepares the check: a feature that must have a value has one, and a number or category is one that the model takes where
 * the manifest says `reject`.
 * @param rejects  false: training rows, where ranges and categories refuse nothing
 */
export function createFindUnusable(manifest: Pick<Manifest, 'features'>, rejects: boolean): FindUnusable {
  const numbers = numericFeatures(manifest).map((feature) => ({ feature, accepts: acceptNumber(feature, rejects) }));
  const texts = categoricalFeatures(manifest).flatMap((feature, at) =>
    rejects && feature.unseen === 'reject' ? [{ feature, at, known: new Set(feature.categories) }] : [],
  );
  const width = categoricalFeatures(manifest).length;
  return (batch, row) => {
    const found: UnusableInput[] = [];
    for (const [at, { feature, accepts }] of numbers.entries()) {
      const value = batch.numeric[row * numbers.length + at]!;
      if (!accepts(value)) found.push(describeNumber(feature, value));
    }
    for (const { feature, at, known } of texts) {
      const text = batch.categorical[row * width + at];
      if (typeof text === 'string' && !known.has(text)) found.push(describeText(feature, text));
    }
    return found;
  };
}

function acceptNumber(feature: Feature, rejects: boolean): (value: number) => boolean {
  const range = feature.type === 'numeric' && rejects && feature.outOfRange === 'reject' ? feature.range : undefined;
  const { missing } = feature;
  const [low, high] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return (value) => (Number.isNaN(value) ? missing : value >= low && value <= high);
}

function describeNumber(feature: Feature, value: number): UnusableInput {
  const made = makes(feature);
  if (Number.isNaN(value)) return { ...made, message: `${made.message} no number`, reason: 'out_of_range' };
  const [low, high] = (feature.type === 'numeric' && feature.range) || [];
  return { ...made, message: `${made.message} ${value}, wanted ${low} to ${high}`, reason: 'out_of_range' };
}

function describeText(feature: Feature & { categories: string[] }, text: string): UnusableInput {
  const made = makes(feature);
  const some = feature.categories.slice(0, 10).join(', ');
  const shown = JSON.stringify(text.length > 50 ? `${text.slice(0, 50)}…` : text);
  return { ...made, message: `${made.message} ${shown}, wanted one of ${some}`, reason: 'unseen_category' };
}

function makes({ name, from }: Feature): { input: string; message: string } {
  const how = from === undefined || from.step === 'input' ? '' : ` (${describeStep(from)})`;
  return { input: from?.of[0] ?? name, message: `makes the feature "${name}"${how}` };
}
