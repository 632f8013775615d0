import { categoricalFeatures, type Feature, type Manifest, numericFeatures } from '../manifest/manifest.js';
import type { FeatureBatch } from './batch.js';

/** A value that was answered although the model has hardly seen its like. */
export interface Flag {
  feature: string;
  problem: 'out_of_range' | 'unseen_category';
}

/** The flag that a feature gets when its value is outside its range or categories. */
export function flagOf(feature: Pick<Feature, 'name' | 'type'>): Flag {
  return { feature: feature.name, problem: feature.type === 'categorical' ? 'unseen_category' : 'out_of_range' };
}

/** The flags of a row of a batch, undefined where it has none. */
export type FindFlags = (batch: FeatureBatch, row: number) => Flag[] | undefined;

/** Prepares the search for a model's ranges and categories. Missing values have no flags. */
export function createFindFlags(manifest: Pick<Manifest, 'features'>): FindFlags {
  const numbers = numericFeatures(manifest);
  const texts = categoricalFeatures(manifest);
  const ranges = numbers.flatMap((feature, at) =>
    feature.type === 'numeric' && feature.range
      ? [{ at, low: feature.range[0], high: feature.range[1], flag: flagOf(feature) }]
      : [],
  );
  const lists = texts.flatMap((feature, at) =>
    feature.free ? [] : [{ at, known: new Set(feature.categories), flag: flagOf(feature) }],
  );
  return (batch, row) => {
    const flags: Flag[] = [];
    for (const { at, low, high, flag } of ranges) {
      const value = batch.numeric[row * numbers.length + at]!;
      if (value < low || value > high) flags.push(flag);
    }
    for (const { at, known, flag } of lists) {
      const text = batch.categorical[row * texts.length + at];
      if (text !== null && text !== undefined && !known.has(text)) flags.push(flag);
    }
    return flags.length > 0 ? flags : undefined;
  };
}
