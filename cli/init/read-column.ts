import { MISSING } from '../../core/project/reference.js';

/** What the cells of a column can be read as. */
export interface ColumnReading {
  /** numeric: all are numbers; boolean: all are true or false, in words; text: anything else. Missing values aside. */
  kind: 'numeric' | 'boolean' | 'text';
  /** Whether any value is missing. */
  missing: boolean;
  /** Of a text: the first cell that is no number, where at least half of them are. Counted from 0. */
  odd?: { row: number; text: string };
  /** The different values, in the order of `sortValues`. */
  values: string[];
}

const TRUTH = new Set(['true', 'True', 'TRUE', 'false', 'False', 'FALSE']);

/** Reads a column, cell by cell, as `readLabelledRows` of core will: an empty cell is missing, in numbers and truth values NA too. */
export function readColumn(cells: string[]): ColumnReading {
  const present = cells.filter((text) => text !== '' && !MISSING.has(text));
  const numbers = present.filter(isNumber).length;
  const kind = numbers === present.length ? 'numeric' : present.every((text) => TRUTH.has(text)) ? 'boolean' : 'text';
  if (kind !== 'text') return { kind, missing: present.length < cells.length, values: sortValues(present) };
  const texts = cells.filter((text) => text !== '');
  const row = cells.findIndex((text) => text !== '' && !MISSING.has(text) && !isNumber(text));
  return {
    kind,
    missing: texts.length < cells.length,
    ...(numbers * 2 >= present.length && { odd: { row, text: cells[row]! } }),
    values: sortValues(texts),
  };
}

/** Whether a cell is a finite number. */
export function isNumber(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text));
}

/** The different values: by size where all are numbers, else by their characters, as Python sorts class labels. */
export function sortValues(cells: string[]): string[] {
  const values = [...new Set(cells)];
  return values.every(isNumber) ? values.sort((a, b) => Number(a) - Number(b)) : values.sort();
}
