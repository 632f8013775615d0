import type { Feature, Input, Manifest } from '../manifest/manifest.js';

/**
 * The fields of a request and of reference.csv as features: the raw inputs where the manifest has any, else its features.
 * Texts and timestamps are categorical without a list.
 */
export function requestFields(manifest: Pick<Manifest, 'features' | 'inputs'>): Feature[] {
  return manifest.inputs?.map(asFeature) ?? manifest.features;
}

/**
 * The manifest as a caller sees it: one whose features are the raw inputs, a tensor each. The very same object where there
 * are no inputs.
 */
export function requestLayout(manifest: Manifest): Manifest {
  const { inputs, ...rest } = manifest;
  if (!inputs) return manifest;
  return { ...rest, features: inputs.map(asFeature), onnx: { ...manifest.onnx, input: 'columns' } };
}

/** The manifest as a training command sees it: its features are given ready-made. */
export function preparedLayout(manifest: Manifest): Manifest {
  const { inputs, ...rest } = manifest;
  if (!inputs) return manifest;
  return { ...rest, features: manifest.features.map(({ from: _, ...feature }) => feature) };
}

function asFeature({ name, type, unit, description, missing }: Input): Feature {
  const common = {
    name,
    missing,
    ...(unit !== undefined && { unit }),
    ...(description !== undefined && { description }),
  };
  if (type === 'numeric') return { ...common, type, outOfRange: 'flag' };
  if (type === 'boolean') return { ...common, type };
  return { ...common, type: 'categorical', categories: [], unseen: 'flag', free: type };
}
