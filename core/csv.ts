import { readFile, writeFile } from 'node:fs/promises';
import type { Options } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

/** A CSV file in memory: column names and rows of raw text, in file order. */
export interface CsvTable {
  columns: string[];
  rows: Record<string, string>[];
}

/** Reading takes spaces at the ends of a cell for layout, unless it is quoted. */
const SPACE_AT_AN_END = /^\s|\s$/;

/** How every CSV file is read, whole or as a stream. */
export const CSV_OPTIONS = { bom: true, columns: true, skip_empty_lines: true, trim: true } satisfies Options;

/**
 * Reads a whole CSV file with a header (RFC 4180; BOM and CRLF accepted). The separator is a comma, or a semicolon when the header has no comma.
 * @throws Error when the file is missing or rows have differing lengths; the message names the file and line
 */
export async function readCsv(path: string): Promise<CsvTable> {
  return parseCsv(await readFile(path, 'utf8'), path);
}

/** The same for text in memory; `name` stands for the file in messages. @throws Error */
export function parseCsv(text: string, name: string): CsvTable {
  const delimiter = delimiterOf(text);
  try {
    // Of an object the keys would not do: those that are whole numbers come first, whatever their place in the file.
    let names: string[] = [];
    const columns = (header: string[]): string[] => {
      names = [...new Set(header)];
      return header;
    };
    const rows = parseSync<Record<string, string>>(text, { ...CSV_OPTIONS, delimiter, columns });
    return { columns: rows.length > 0 ? names : [], rows };
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

/** The separator of a text that begins with the header: a comma, or a semicolon when the header has no comma. */
export function delimiterOf(text: string): ',' | ';' {
  const header = text.slice(0, text.indexOf('\n') === -1 ? undefined : text.indexOf('\n'));
  return !header.includes(',') && header.includes(';') ? ';' : ',';
}

/**
 * Writes rows as CSV with a header, in the order of `columns`; null and NaN become empty. `readCsv` gives every text back as it
 * was, spaces at its ends included, and every number bit for bit; an empty text is the same as null.
 */
export async function writeCsv(path: string, columns: string[], rows: Record<string, unknown>[]): Promise<void> {
  await writeFile(path, formatCsv(columns, rows));
}

/** The same as text, with the header unless told not to; rows may be arrays in the order of `columns` too. */
export function formatCsv(
  columns: string[],
  rows: Record<string, unknown>[] | unknown[][],
  { header = true }: { header?: boolean } = {},
): string {
  const cast = { number: formatNumber, boolean: (v: boolean) => String(v) };
  return stringify(rows, { header, columns, cast, quoted_match: SPACE_AT_AN_END });
}

/** The shortest text that reads as the same number, of -0 too; empty for NaN. */
function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '';
  return Object.is(value, -0) ? '-0' : String(value);
}
