import { type Feature, type Manifest, numericFeatures } from '../../core/manifest/manifest.js';
import { binOf, type ReferenceProfile, type SubjectProfile } from '../../core/reference/profile.js';
import type { SubjectCounts } from '../windows/buckets.js';
import type { BucketQuality } from './fold-quality.js';
import { duplicateShare } from './row-sample.js';
import type { FeatureQuality, WindowQuality } from './window-quality.js';

/** A feature is called constant when rows like the reference's would all agree with a lower chance than this. */
const CHANCE = 0.001;

/** Puts together what is known of the quality of a window's rows. @param counts  none for a window without rows */
export function describeQuality(options: {
  manifest: Manifest;
  profile: ReferenceProfile;
  counts: SubjectCounts[];
  quality: BucketQuality;
}): WindowQuality {
  const { manifest, profile, counts, quality } = options;
  const numbers = numericFeatures(manifest);
  const features = manifest.features.flatMap((feature): FeatureQuality[] => {
    const subject = profile.subjects.find((s) => s.kind === 'feature' && s.name === feature.name);
    const own = counts.find((c) => c.kind === 'feature' && c.subject === feature.name)?.counts;
    if (!subject || !own) return [];
    return [
      describeFeature(
        feature,
        subject,
        own,
        quality,
        numbers.findIndex((f) => f.name === feature.name),
      ),
    ];
  });
  return { features, duplicateShare: duplicateShare(quality.sample) };
}

function describeFeature(
  feature: Feature,
  subject: SubjectProfile,
  counts: number[],
  quality: BucketQuality,
  column: number,
): FeatureQuality {
  const rows = sum(counts);
  const share = (count: number): number => (rows === 0 ? 0 : count / rows);
  const minimum = column === -1 ? null : quality.minimums[column]!;
  const maximum = column === -1 ? null : quality.maximums[column]!;
  const hasValues = minimum !== null && maximum !== null && minimum <= maximum;
  return {
    feature: feature.name,
    missingShare: share(counts.at(-1)!),
    outOfRangeShare: column === -1 ? 0 : share(quality.outOfRange[column]!),
    unseenShare: subject.categories ? share(counts.at(-2)!) : 0,
    minimum: hasValues ? minimum : null,
    maximum: hasValues ? maximum : null,
    constant: isConstant(subject, counts, hasValues && minimum === maximum ? minimum : undefined),
  };
}

/**
 * Whether all values are one, which in rows like the reference's would hardly ever be. Of categories, one cell holds all;
 * of numbers, `only` is the one value.
 */
function isConstant(subject: SubjectProfile, counts: number[], only: number | undefined): boolean {
  const values = counts.slice(0, -1);
  const rows = sum(values);
  const cell = subject.categories ? values.indexOf(rows) : only === undefined ? -1 : binOf(subject.edges ?? [], only);
  if (rows === 0 || cell === -1) return false;
  const reference = subject.counts.slice(0, -1);
  const expected = (reference[cell]! + 0.5) / (sum(reference) + 0.5 * reference.length);
  return reference.filter((count) => count > 0).length > 1 && expected ** rows < CHANCE;
}

function sum(counts: number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
