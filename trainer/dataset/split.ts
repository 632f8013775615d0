import { decodeInstances } from '../../core/inference/batch.js';
import type { Instance, Manifest } from '../../core/manifest/manifest.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import type { LabelledRows } from '../../core/project/reference.js';

/** Splits rows in time order: the last `share` of them (rounded up), `least` where that is fewer, are held out. */
export function splitByTime(
  rows: LabelledRows,
  { share, least }: { share: number; least: number },
): { earlier: LabelledRows; heldOut: LabelledRows } {
  const cut = Math.max(0, rows.targets.length - Math.max(least, Math.ceil(rows.targets.length * share)));
  return {
    earlier: { instances: rows.instances.slice(0, cut), targets: rows.targets.slice(0, cut) },
    heldOut: { instances: rows.instances.slice(cut), targets: rows.targets.slice(cut) },
  };
}

/** Leaves out the rows whose features, as the model gets them, are those of a held-out row, so that no challenger has seen what it is judged on. */
export function withoutRepeated(manifest: Manifest, rows: LabelledRows, heldOut: LabelledRows): LabelledRows {
  const seen = new Set(featureKeys(manifest, heldOut.instances));
  const kept = featureKeys(manifest, rows.instances).flatMap((key, i) => (seen.has(key) ? [] : [i]));
  return { instances: kept.map((i) => rows.instances[i]!), targets: kept.map((i) => rows.targets[i]!) };
}

/**
 * By row, a text that is the same for the same features, which are made first where the manifest has raw inputs: two rows that
 * differ in the words of a title alone are one to a model that is given their number. Missing and null are the same.
 */
export function featureKeys(manifest: Pick<Manifest, 'features' | 'inputs'>, instances: Instance[]): string[] {
  const prepared = decodeInstances(manifest, encodeRows(manifest, instances));
  return prepared.map((instance) => JSON.stringify(Object.values(instance)));
}
