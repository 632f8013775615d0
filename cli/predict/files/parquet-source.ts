import { asyncBufferFromFile, type FileMetaData, type ParquetScan, parquetMetadataAsync, parquetScan } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetColumn } from './parquet-column.js';
import type { RowColumn, RowSource, SourceRow } from './row-file.js';

/** Times and dates as the numbers that are stored. */
const parsers = {
  timestampFromMilliseconds: (milliseconds: bigint) => milliseconds,
  timestampFromMicroseconds: (microseconds: bigint) => microseconds,
  timestampFromNanoseconds: (nanoseconds: bigint) => nanoseconds,
  dateFromDays: (days: number) => days,
};

/**
 * Opens a Parquet file and reads it a row group at a time, column by column.
 * @throws Error  it is no Parquet file, or has a column of a type that is not read
 */
export async function openParquet(path: string): Promise<RowSource> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((error: Error) => {
    throw new Error(`${path} cannot be read as Parquet: ${error.message}`, { cause: error });
  });
  const columns = readColumns(metadata, path);
  const scan = await parquetScan({ file, metadata, compressors, parsers });
  let read = 0;
  return {
    columns,
    batches: (rows) => readBatches(scan, columns, rows, (more) => (read += more)),
    share: () => read / Math.max(1, Number(metadata.num_rows)),
    close: async () => undefined,
  };
}

function readColumns({ schema }: FileMetaData, path: string): RowColumn[] {
  const [, ...elements] = schema;
  return elements.map((element) => {
    const column = parquetColumn(element);
    if (column) return column;
    const type = element.logical_type?.type ?? element.converted_type ?? element.type ?? 'nested column';
    const message = `${path}: column "${element.name}" is a ${type}, which is not read; make it a number, text or timestamp, or leave it out`;
    throw new Error(message, { cause: element });
  });
}

async function* readBatches(
  scan: ParquetScan,
  columns: RowColumn[],
  rows: number,
  onRead: (rows: number) => void,
): AsyncGenerator<SourceRow[]> {
  // A range is a row group.
  for (const { rowStart, rowEnd } of scan.ranges) {
    const data: ArrayLike<unknown>[] = [];
    for (const { name } of columns) data.push(await scan.readColumn({ column: name, rowStart, rowEnd }));
    for (let from = rowStart; from < rowEnd; from += rows) {
      const to = Math.min(rowEnd, from + rows);
      onRead(to - from);
      yield Array.from({ length: to - from }, (_, i) => toRow(data, from - rowStart + i, from + i + 1));
    }
  }
}

function toRow(data: ArrayLike<unknown>[], at: number, number: number): SourceRow {
  return { number, cells: data.map((column) => column[at] ?? null) };
}
