import { createReadStream, type ReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { type Parser, parse } from 'csv-parse';
import { CSV_OPTIONS, delimiterOf } from '../../../core/csv.js';
import { asPlain, type RowSource, type SourceRow } from './row-file.js';

/** A quote that is never closed would otherwise take the rest of the file into memory. */
const LONGEST_RECORD = 16_777_216;
/** Bytes in which the header is looked for. */
const HEAD_BYTES = 65_536;

/**
 * Opens a CSV file with a header, as `readCsv` reads one, and reads it as a stream. A row with another number of cells than
 * the header has a problem and does not end the reading; a quote within an unquoted cell is a part of it.
 * @throws Error  there is no file or no header; while reading: a quote that is not closed
 */
export async function openCsv(path: string): Promise<RowSource> {
  const { size } = await stat(path);
  const delimiter = await sniffDelimiter(path);
  const bytes = createReadStream(path);
  const parser = parse({
    ...CSV_OPTIONS,
    columns: false,
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: LONGEST_RECORD,
  });
  // What goes wrong is thrown where the records are read.
  pipeline(bytes, parser, () => undefined);
  const records = readRecords(parser, bytes, path);
  const first = await records.next();
  if (first.done) throw new Error(`${path} is empty; its first line names the columns`, { cause: path });
  const names = first.value;
  return {
    columns: names.map((name) => ({ name, plain: asPlain })),
    batches: (rows) => readBatches(records, names.length, rows),
    share: () => (size === 0 ? 1 : bytes.bytesRead / size),
    close: async () => void (await records.return()),
  };
}

async function sniffDelimiter(path: string): Promise<',' | ';'> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return delimiterOf(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await file.close();
  }
}

async function* readRecords(parser: Parser, bytes: ReadStream, path: string): AsyncGenerator<string[], void> {
  try {
    for await (const record of parser) yield record as string[];
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  } finally {
    bytes.destroy();
  }
}

async function* readBatches(
  records: AsyncGenerator<string[], void>,
  width: number,
  rows: number,
): AsyncGenerator<SourceRow[]> {
  let batch: SourceRow[] = [];
  let number = 0;
  for await (const record of records) {
    batch.push(toRow(record, ++number, width));
    if (batch.length < rows) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function toRow(record: string[], number: number, width: number): SourceRow {
  if (record.length === width) return { number, cells: record };
  const cells = Array.from({ length: width }, (_, i) => record[i] ?? null);
  return { number, cells, problem: `has ${record.length} cells, wanted ${width} as in the header` };
}
