import { type Manifest, numericFeatures } from '../../core/manifest/manifest.js';
import type { LiveRow } from '../summarise/live-rows.js';
import { createHashRow } from './hash-row.js';
import { addToSample, emptySample, type RowSample } from './row-sample.js';

/** Quality of the rows of one bucket, as far as counts over cells do not tell it. Arrays are by numeric feature. */
export interface BucketQuality {
  outOfRange: Float64Array;
  /** Infinity without a value. */
  minimums: Float64Array;
  maximums: Float64Array;
  sample: RowSample;
}

/** The quality of no rows. @param width  numeric features */
export function emptyQuality(width: number): BucketQuality {
  return {
    outOfRange: new Float64Array(width),
    minimums: new Float64Array(width).fill(Number.POSITIVE_INFINITY),
    maximums: new Float64Array(width).fill(Number.NEGATIVE_INFINITY),
    sample: emptySample(),
  };
}

/** Makes a function that adds a row to the quality of its bucket. */
export function createAddQuality(manifest: Pick<Manifest, 'features'>): (quality: BucketQuality, row: LiveRow) => void {
  const features = numericFeatures(manifest);
  const ranges = features.map((feature) => (feature.type === 'numeric' && feature.range) || [-Infinity, Infinity]);
  const lowest = Float64Array.from(ranges, ([low]) => low!);
  const highest = Float64Array.from(ranges, ([, high]) => high!);
  const hashRow = createHashRow();
  return ({ outOfRange, minimums, maximums, sample }, row) => {
    const { numeric } = row;
    for (let i = 0; i < numeric.length; i++) {
      const value = numeric[i]!;
      // A missing value, NaN, is in none of these comparisons.
      if (value < lowest[i]! || value > highest[i]!) outOfRange[i]!++;
      if (value < minimums[i]!) minimums[i] = value;
      if (value > maximums[i]!) maximums[i] = value;
    }
    addToSample(sample, hashRow(row));
  };
}
