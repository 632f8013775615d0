import { from } from 'pg-copy-streams';
import { inSlices } from '../in-slices.js';
import type { Client } from './pool.js';

/** A cell of a COPY row: null, text, a number, or an array of these. */
export type CopyValue = null | string | number | (string | number | null)[];

/**
 * Writes rows with COPY in text format, formatting them in slices. `target` is a table with its columns, such as `t (a, b)`.
 * @param before  statements (with no parameters) sent in the same message: they and the COPY are one transaction, in two
 *   round trips instead of five, unless the connection is in a transaction already
 */
export async function copyRows(client: Client, target: string, rows: CopyValue[][], before = ''): Promise<void> {
  const stream = client.query(from(`${before}${before && ';'}copy ${target} from stdin`));
  // `finish` comes once Postgres is ready for the next query, so after the commit. A lost connection may be told twice.
  const finished = new Promise<void>((resolve, reject) => stream.once('finish', resolve).on('error', reject));
  const written = inSlices(rows.length, (start, end) => {
    let text = '';
    for (let i = start; i < end; i++) text += `${rows[i]!.map(formatCell).join('\t')}\n`;
    if (!stream.destroyed) stream.write(Buffer.from(text));
  });
  await Promise.all([finished, written.then(() => stream.end())]);
}

/**
 * Writes rows that are COPY text already: lines of tab-separated fields, each ended by a newline. Pieces are asked for
 * one after the other, so that making them can be spread over turns of the event loop. `before` is as in `copyRows`.
 */
export async function copyText(
  client: Client,
  target: string,
  pieces: AsyncIterable<Buffer>,
  before = '',
): Promise<void> {
  const stream = client.query(from(`${before}${before && ';'}copy ${target} from stdin`));
  const finished = new Promise<void>((resolve, reject) => stream.once('finish', resolve).on('error', reject));
  const written = (async () => {
    for await (const piece of pieces) if (!stream.destroyed) stream.write(piece);
    stream.end();
  })();
  await Promise.all([finished, written]);
}

function formatCell(value: CopyValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'string') return escapeText(value);
  return escapeText(`{${value.map(formatElement).join(',')}}`);
}

/** Text as an element of an array literal, before `escapeText`. */
export function quoteElement(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function formatElement(value: string | number | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return formatNumber(value);
  return quoteElement(value);
}

function formatNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/** Text as a field of COPY text: backslash, tab, newline and carriage return have a meaning there; a NUL byte cannot be stored by Postgres. */
export function escapeText(text: string): string {
  if (!/[\\\t\n\r\0]/.test(text)) return text;
  return text
    .replaceAll('\0', '\uFFFD')
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}
