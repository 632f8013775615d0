import { categoricalFeatures, type Manifest, numericFeatures } from '../../core/manifest/manifest.js';
import { categoryCells, cellCount, type ReferenceProfile, type SubjectProfile } from '../../core/reference/profile.js';
import { createBinFinder } from './bin-finder.js';
import type { LiveRow } from './live-rows.js';

/** Where the cells of each subject begin in an array that holds those of all, and after the last, its length. */
export function cellOffsets(profile: ReferenceProfile): number[] {
  const offsets = [0];
  for (const subject of profile.subjects) offsets.push(offsets.at(-1)! + cellCount(subject));
  return offsets;
}

/** A subject that is binned: how its number is read, and where it falls. */
interface Binned {
  at: number;
  /** Place in `row.numeric`; -1 for an aspect of the prediction. */
  column: number;
  read: (row: LiveRow) => number;
  findBin: (value: number) => number;
  offset: number;
  missing: number;
}

/** A subject that is looked up by its text. */
interface Listed {
  at: number;
  /** Place in `row.categorical`; -1 for the answered class. */
  column: number;
  cellOf: (text: string) => number;
  offset: number;
  missing: number;
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
  const binned: Binned[] = [];
  const listed: Listed[] = [];
  profile.subjects.forEach((subject, at) => {
    const offset = offsets[at]!;
    const missing = offset + cellCount(subject) - 1;
    if (!subject.categories) {
      const findBin = createBinFinder(subject.edges ?? []);
      binned.push({ at, ...numberOf(manifest, subject), findBin, offset, missing });
      return;
    }
    const cellOf = categoryCells(subject, knownCategories(manifest, subject));
    listed.push({ at, column: textColumn(manifest, subject), cellOf, offset, missing });
  });
  // Two plain loops over plain objects: this runs for every row and subject.
  return (row, cells) => {
    for (let i = 0; i < binned.length; i++) {
      const { at, column, read, findBin, offset, missing } = binned[i]!;
      const value = column === -1 ? read(row) : row.numeric[column]!;
      cells[at] = Number.isNaN(value) ? missing : offset + findBin(value);
    }
    for (let i = 0; i < listed.length; i++) {
      const { at, column, cellOf, offset, missing } = listed[i]!;
      const text = column === -1 ? row.label : row.categorical[column]!;
      cells[at] = text === null ? missing : offset + cellOf(text);
    }
  };
}

function textColumn(manifest: Manifest, subject: SubjectProfile): number {
  if (subject.kind === 'prediction' && subject.name === 'class') return -1;
  const column = categoricalFeatures(manifest).findIndex((feature) => feature.name === subject.name);
  if (subject.kind !== 'feature' || column === -1) throw nothingHolds(manifest, subject);
  return column;
}

function knownCategories(manifest: Manifest, { kind, name }: SubjectProfile): string[] {
  if (kind === 'prediction') return manifest.classes;
  return categoricalFeatures(manifest).find((feature) => feature.name === name)?.categories ?? [];
}

function numberOf(manifest: Manifest, subject: SubjectProfile): Pick<Binned, 'column' | 'read'> {
  if (subject.kind === 'feature') {
    const column = numericFeatures(manifest).findIndex((feature) => feature.name === subject.name);
    if (column === -1) throw nothingHolds(manifest, subject);
    return { column, read: (row) => row.numeric[column]! };
  }
  if (subject.name === 'value') return { column: -1, read: (row) => row.value };
  if (subject.name !== 'score') throw nothingHolds(manifest, subject);
  if (manifest.task === 'binary') {
    const positive = manifest.classes.indexOf(manifest.positiveClass ?? '');
    if (positive !== -1) {
      return { column: -1, read: (row) => (row.label === null ? Number.NaN : row.scores[positive]!) };
    }
  }
  const index = new Map(manifest.classes.map((name, i) => [name, i]));
  return { column: -1, read: (row) => row.scores[index.get(row.label ?? '') ?? -1] ?? Number.NaN };
}

function nothingHolds(manifest: Manifest, { kind, name }: SubjectProfile): Error {
  return new Error(`${manifest.name}: the reference profile watches ${kind} "${name}", no row holds it`);
}
