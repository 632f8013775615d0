import type { FeatureBatch } from '../inference/batch.js';
import { FLOAT32_MAX } from '../inference/float32.js';
import type { Feature } from '../manifest/manifest.js';
import type { Step } from './step.js';
import { parseTimestamp } from './timestamp.js';

/** Reads one number of a row of raw inputs; NaN where missing. */
export type ReadNumber = (raw: FeatureBatch, row: number) => number;
/** Reads one text of a row of raw inputs; null where missing. */
export type ReadText = (raw: FeatureBatch, row: number) => string | null;

/** Finds the columns of a batch of raw inputs by name. */
export interface RawColumns {
  number(name: string): ReadNumber;
  text(name: string): ReadText;
}

const HOUR_MS = 3_600_000;
const WHITE_SPACE = /\s+/u;

/** The columns of batches whose rows have these fields. */
export function rawColumns(fields: Feature[]): RawColumns {
  const numbers = fields.filter((field) => field.type !== 'categorical').map((field) => field.name);
  const texts = fields.filter((field) => field.type === 'categorical').map((field) => field.name);
  return {
    number: (name) => {
      const at = find(numbers, name);
      return (raw, row) => raw.numeric[row * numbers.length + at]!;
    },
    text: (name) => {
      const at = find(texts, name);
      return (raw, row) => raw.categorical[row * texts.length + at]!;
    },
  };
}

/** A step that makes a number (true is 1) as a function of a row. Missing inputs make a missing value, as does what no float32 holds. */
export function compileStep(step: Step, columns: RawColumns): ReadNumber {
  const make = compile(step, columns);
  return (raw, row) => {
    const value = make(raw, row);
    return Math.abs(value) <= FLOAT32_MAX ? value : Number.NaN;
  };
}

function compile(step: Step, columns: RawColumns): ReadNumber {
  const [first = '', second = ''] = step.of;
  switch (step.step) {
    case 'input':
      return columns.number(first);
    case 'words':
      return ofText(columns.text(first), countWords);
    case 'characters':
      return ofText(columns.text(first), (text) => Array.from(text).length);
    case 'equals':
      return ofText(columns.text(first), (text) => (text === step.value ? 1 : 0));
    case 'hours':
      return between(columns, first, second, HOUR_MS);
    case 'days':
      return between(columns, first, second, 24 * HOUR_MS);
    case 'part':
      return ofText(columns.text(first), (text) => partOf(new Date(parseTimestamp(text)), step.part));
    case 'ratio': {
      const [above, below] = [columns.number(first), columns.number(second)];
      return (raw, row) => above(raw, row) / below(raw, row);
    }
    case 'log1p': {
      const read = columns.number(first);
      return (raw, row) => Math.log1p(read(raw, row));
    }
    case 'minusMedian':
      return minusMedian(step, columns.number(first), columns.text(second));
  }
}

function ofText(read: ReadText, make: (text: string) => number): ReadNumber {
  return (raw, row) => {
    const text = read(raw, row);
    return text === null ? Number.NaN : make(text);
  };
}

/** Runs of characters that are no white space. */
function countWords(text: string): number {
  const trimmed = text.trim();
  return trimmed === '' ? 0 : trimmed.split(WHITE_SPACE).length;
}

function between(columns: RawColumns, start: string, end: string, unitMs: number): ReadNumber {
  const [from, to] = [ofText(columns.text(start), parseTimestamp), ofText(columns.text(end), parseTimestamp)];
  return (raw, row) => (to(raw, row) - from(raw, row)) / unitMs;
}

function partOf(time: Date, part: Step['part']): number {
  if (part === 'hour') return time.getUTCHours();
  if (part === 'weekday') return time.getUTCDay() || 7;
  if (part === 'month') return time.getUTCMonth() + 1;
  return time.getUTCFullYear();
}

function minusMedian({ of, medians }: Step, value: ReadNumber, category: ReadText): ReadNumber {
  if (!medians) throw new Error(`the medians of ${of.join(' by ')} were not fitted`, { cause: 'medians' });
  const byCategory = new Map(Object.entries(medians.byCategory));
  const { overall } = medians;
  return (raw, row) => value(raw, row) - (byCategory.get(category(raw, row) ?? '') ?? overall);
}

function find(names: string[], name: string): number {
  const at = names.indexOf(name);
  if (at === -1) throw new RangeError(`no column "${name}" among ${names.join(', ')}`);
  return at;
}
