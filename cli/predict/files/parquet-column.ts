import type { SchemaElement } from 'hyparquet';
import { asPlain, type RowColumn } from './row-file.js';

/** A column of text. */
export const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const;

const DAY_MS = 86_400_000;

/**
 * A column of a Parquet file whose cells are as they are stored: times and dates as the numbers that count them, so that they can
 * be written again without loss. Undefined where the type is none of truth values, whole and real numbers, texts, dates and
 * timestamps.
 */
export function parquetColumn(element: SchemaElement): RowColumn | undefined {
  const { name, type, converted_type: converted, logical_type: logical, repetition_type: repetition } = element;
  if (element.num_children !== undefined || repetition === 'REPEATED') return undefined;
  const column = (plain: RowColumn['plain']): RowColumn => ({ name, element: writable(element), plain });
  const isText =
    converted === 'UTF8' || logical?.type === 'STRING' || (converted === undefined && logical === undefined);
  if (type === 'BYTE_ARRAY') return isText ? { name, element: { ...element, ...TEXT }, plain: asPlain } : undefined;
  const unit = timeUnit(element);
  if (unit !== undefined) return column((cell) => toIso(cell as bigint | null, unit));
  if (type === 'INT32' && (converted === 'DATE' || logical?.type === 'DATE')) {
    return column((cell) => (cell === null ? null : new Date((cell as number) * DAY_MS).toISOString().slice(0, 10)));
  }
  return isNumber(element) ? column(type === 'INT64' ? (cell) => toNumber(cell as bigint | null) : asPlain) : undefined;
}

function isNumber({ type, converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  if (converted !== undefined && !/^U?INT_/.test(converted)) return false;
  if (logical !== undefined && logical.type !== 'INTEGER') return false;
  return type === 'BOOLEAN' || type === 'INT32' || type === 'INT64' || type === 'FLOAT' || type === 'DOUBLE';
}

/**
 * Whole numbers have their width and sign told in the older of two ways: the newer one, as hyparquet-writer 0.17 writes it, makes
 * a file that pyarrow refuses.
 */
function writable({ logical_type: logical, ...element }: SchemaElement): SchemaElement {
  if (logical?.type !== 'INTEGER') return { ...element, ...(logical && { logical_type: logical }) };
  const converted = `${logical.isSigned ? '' : 'U'}INT_${logical.bitWidth}` as NonNullable<
    SchemaElement['converted_type']
  >;
  return { ...element, converted_type: converted };
}

/** Units a second in which a column counts time; undefined where it does not. */
function timeUnit({ type, converted_type: converted, logical_type: logical }: SchemaElement): bigint | undefined {
  if (type !== 'INT64') return undefined;
  if (logical?.type === 'TIMESTAMP') return { MILLIS: 1_000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n }[logical.unit];
  if (converted === 'TIMESTAMP_MILLIS') return 1_000n;
  return converted === 'TIMESTAMP_MICROS' ? 1_000_000n : undefined;
}

/** As a time in UTC to the millisecond. */
function toIso(cell: bigint | null, unitsPerSecond: bigint): string | null {
  return cell === null ? null : new Date(Number((cell * 1_000n) / unitsPerSecond)).toISOString();
}

/** A whole number that a double does not hold stays a text. */
function toNumber(cell: bigint | null): number | string | null {
  if (cell === null) return null;
  return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
}
