import type { Feature, Input } from '../../core/manifest/manifest.js';
import type { SubjectProfile } from '../../core/reference/profile.js';
import type { ModelVersion } from '../../core/registry/versions.js';

/**
 * A plausible instance of a model: the examples of its raw inputs, where it has any; else the median of each number and the most
 * frequent category of the reference window.
 */
export function exampleInstance(
  version: Pick<ModelVersion, 'manifest' | 'referenceProfile'>,
): Record<string, number | string | boolean> {
  const { inputs } = version.manifest;
  if (inputs) return exampleInputs(inputs);
  const subjects = version.referenceProfile.subjects.filter((subject) => subject.kind === 'feature');
  return Object.fromEntries(
    version.manifest.features.map((feature) => [
      feature.name,
      exampleValue(
        feature,
        subjects.find((subject) => subject.name === feature.name),
      ),
    ]),
  );
}

function exampleInputs(inputs: Input[]): Record<string, number | string | boolean> {
  const example: Record<string, number | string | boolean> = {};
  for (const input of inputs) if (input.example !== undefined) example[input.name] = input.example;
  return example;
}

function exampleValue(feature: Feature, subject: SubjectProfile | undefined): number | string | boolean {
  const counts = subject?.counts ?? [];
  if (feature.type === 'boolean') return (counts[1] ?? 0) > (counts[0] ?? 0);
  if (feature.type === 'categorical') {
    const known = counts.slice(0, feature.categories.length);
    return feature.categories[Math.max(0, known.indexOf(Math.max(...known)))] ?? '';
  }
  const edges = subject?.edges ?? [];
  const median = edges[Math.floor(edges.length / 2)] ?? 0;
  const rounded = Number(median.toPrecision(4));
  if (!feature.range) return rounded;
  const [low, high] = feature.range;
  return rounded >= low && rounded <= high ? rounded : Math.min(high, Math.max(low, median));
}
