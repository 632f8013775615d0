import type { Manifest } from '../../core/manifest/manifest.js';
import type { ManifestSource } from '../../core/manifest/schema.js';
import { resolveManifest } from '../../core/project/resolve.js';
import { SIMULATED } from './kinds.js';

/** The manifest with every default; its model has the outputs of the built-in learner. */
export function simulatedManifest(): Manifest {
  const source = structuredClone(SIMULATED) as unknown as ManifestSource;
  const { manifest } = resolveManifest(source, undefined, { columns: [], rows: [] }, []);
  return { ...manifest, onnx: { input: 'columns', label: 'label', probabilities: 'probabilities' } };
}
