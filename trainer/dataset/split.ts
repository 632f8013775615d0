import type { Instance, Manifest } from '../../core/manifest/manifest.js';
import type { LabelledRows } from '../../core/project/reference.js';

/** Splits rows in time order: the last `share` of them (rounded up) are held out. */
export function splitByTime(rows: LabelledRows, share: number): { earlier: LabelledRows; heldOut: LabelledRows } {
  const cut = rows.targets.length - Math.ceil(rows.targets.length * share);
  return {
    earlier: { instances: rows.instances.slice(0, cut), targets: rows.targets.slice(0, cut) },
    heldOut: { instances: rows.instances.slice(cut), targets: rows.targets.slice(cut) },
  };
}

/** Leaves out the rows whose features are those of a held-out row, so that no challenger has seen what it is judged on. */
export function withoutRepeated(manifest: Manifest, rows: LabelledRows, heldOut: LabelledRows): LabelledRows {
  const seen = new Set(heldOut.instances.map((instance) => featureKey(manifest, instance)));
  const kept = rows.instances.flatMap((instance, i) => (seen.has(featureKey(manifest, instance)) ? [] : [i]));
  return { instances: kept.map((i) => rows.instances[i]!), targets: kept.map((i) => rows.targets[i]!) };
}

/** The same text for instances with the same values (raw inputs, where there are any); missing and null are the same. */
export function featureKey(manifest: Pick<Manifest, 'features' | 'inputs'>, instance: Instance): string {
  return JSON.stringify((manifest.inputs ?? manifest.features).map(({ name }) => instance[name] ?? null));
}
