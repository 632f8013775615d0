import { categoricalFeatures, type Manifest, numericFeatures } from '../../core/manifest/manifest.js';
import { categoryCells, cellCount, type ReferenceProfile, type SubjectProfile } from '../../core/reference/profile.js';
import type { LiveRow } from './live-rows.js';

/** Where the cells of each subject begin in an array that holds those of all, and after the last, its length. */
export function cellOffsets(profile: ReferenceProfile): number[] {
  const offsets = [0];
  for (const subject of profile.subjects) offsets.push(offsets.at(-1)! + cellCount(subject));
  return offsets;
}

/**
 * Makes a function that finds, for each subject of the reference, the cell a row falls into; `cells[i]` is counted over
 * the cells of all subjects. The same cells as `countCells` counts.
 * @throws Error when a row holds nothing to watch a subject by
 */
export function createFindCells(
  manifest: Manifest,
  profile: ReferenceProfile,
): (row: LiveRow, cells: Int32Array) => void {
  const offsets = cellOffsets(profile);
  const finders = profile.subjects.map((subject, i) => createFinder(manifest, subject, offsets[i]!));
  return (row, cells) => {
    for (let i = 0; i < finders.length; i++) cells[i] = finders[i]!(row);
  };
}

type Finder = (row: LiveRow) => number;

function createFinder(manifest: Manifest, subject: SubjectProfile, offset: number): Finder {
  const missing = offset + cellCount(subject) - 1;
  if (subject.categories) {
    const read = textOf(manifest, subject);
    const cellOf = categoryCells(subject, knownCategories(manifest, subject));
    return (row) => {
      const text = read(row);
      return text === null ? missing : offset + cellOf(text);
    };
  }
  const read = numberOf(manifest, subject);
  const edges = Float64Array.from(subject.edges ?? []);
  return (row) => {
    const value = read(row);
    return Number.isNaN(value) ? missing : offset + binIn(edges, value);
  };
}

/** As `binOf`, over a typed array: how many edges are at or below the value. */
function binIn(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function knownCategories(manifest: Manifest, { kind, name }: SubjectProfile): string[] {
  if (kind === 'prediction') return manifest.classes;
  return categoricalFeatures(manifest).find((feature) => feature.name === name)?.categories ?? [];
}

function textOf(manifest: Manifest, subject: SubjectProfile): (row: LiveRow) => string | null {
  if (subject.kind === 'prediction' && subject.name === 'class') return (row) => row.label;
  const at = categoricalFeatures(manifest).findIndex((feature) => feature.name === subject.name);
  if (subject.kind !== 'feature' || at === -1) throw nothingHolds(manifest, subject);
  return (row) => row.categorical[at]!;
}

function numberOf(manifest: Manifest, subject: SubjectProfile): (row: LiveRow) => number {
  if (subject.kind === 'feature') {
    const at = numericFeatures(manifest).findIndex((feature) => feature.name === subject.name);
    if (at === -1) throw nothingHolds(manifest, subject);
    return (row) => row.numeric[at]!;
  }
  if (subject.name === 'value') return (row) => row.value;
  if (subject.name !== 'score') throw nothingHolds(manifest, subject);
  if (manifest.task === 'binary') {
    const positive = manifest.classes.indexOf(manifest.positiveClass ?? '');
    if (positive !== -1) return (row) => (row.label === null ? Number.NaN : row.scores[positive]!);
  }
  const index = new Map(manifest.classes.map((name, i) => [name, i]));
  return (row) => row.scores[index.get(row.label ?? '') ?? -1] ?? Number.NaN;
}

function nothingHolds(manifest: Manifest, { kind, name }: SubjectProfile): Error {
  return new Error(`${manifest.name}: the reference profile watches ${kind} "${name}", no row holds it`);
}
