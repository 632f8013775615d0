import { categoricalFeatures, type Manifest, numericFeatures, type SegmentSpec } from '../manifest/manifest.js';

/** The features of one row, in manifest order: NaN and null where missing. */
export interface FeatureRow {
  numeric: ArrayLike<number>;
  categorical: ArrayLike<string | null>;
}

type Watched = Pick<Manifest, 'features' | 'monitoring'>;

/** All rows, as a segment. */
export const ALL_ROWS = '';

/** The segments of a model: all rows first, then each part that the manifest names, such as `country=DE` or `age=[18,30)`. */
export function segmentNames(manifest: Watched): string[] {
  const parts = (manifest.monitoring.segments ?? []).flatMap((spec) => partNames(spec));
  return [ALL_ROWS, ...parts];
}

function partNames(spec: SegmentSpec): string[] {
  if ('values' in spec) return spec.values.map((value) => `${spec.feature}=${value}`);
  const bounds = ['-inf', ...spec.edges, 'inf'];
  return bounds.slice(1).map((to, i) => `${spec.feature}=[${bounds[i]},${to})`);
}

/**
 * Makes a function that finds the segments a row belongs to besides all rows: at most one a spec, as indices into
 * `segmentNames`. The array is used again for the next row.
 */
export function createFindSegments(manifest: Watched): (row: FeatureRow) => number[] {
  let first = 1;
  const finders = (manifest.monitoring.segments ?? []).map((spec) => {
    const find = createFinder(manifest, spec, first);
    first += partNames(spec).length;
    return find;
  });
  const found: number[] = [];
  return (row) => {
    found.length = 0;
    for (const find of finders) {
      const index = find(row);
      if (index !== -1) found.push(index);
    }
    return found;
  };
}

function createFinder(manifest: Watched, spec: SegmentSpec, first: number): (row: FeatureRow) => number {
  const number = numericFeatures(manifest).findIndex((feature) => feature.name === spec.feature);
  if ('edges' in spec) {
    const { edges } = spec;
    return ({ numeric }) => {
      const value = numeric[number]!;
      return Number.isNaN(value) ? -1 : first + edges.filter((edge) => edge <= value).length;
    };
  }
  const index = new Map(spec.values.map((value, i) => [value, first + i]));
  // A boolean is stored as 1 or 0.
  if (number !== -1) {
    return ({ numeric }) => {
      const value = numeric[number]!;
      return Number.isNaN(value) ? -1 : (index.get(value === 0 ? 'false' : 'true') ?? -1);
    };
  }
  const text = categoricalFeatures(manifest).findIndex((feature) => feature.name === spec.feature);
  return ({ categorical }) => {
    const value = categorical[text];
    return value === null || value === undefined ? -1 : (index.get(value) ?? -1);
  };
}
