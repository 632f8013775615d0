import { createCsvSink } from './csv-sink.js';
import { openCsv } from './csv-source.js';
import { createParquetSink } from './parquet-sink.js';
import { openParquet } from './parquet-source.js';
import type { RowColumn, RowSink, RowSource } from './row-file.js';

/** Opens a file of rows as what its name says. @throws Error  it is not there, is none, or the name says neither */
export async function openRows(path: string): Promise<RowSource> {
  const open = formatOf(path) === 'csv' ? openCsv : openParquet;
  return open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new Error(`${path} does not exist; give a CSV or Parquet file`, { cause: error });
  });
}

/** Begins a file in the format that `name` says, at `path`. @throws Error  the name says neither, or it cannot be written */
export async function createSink(name: string, path: string, columns: RowColumn[]): Promise<RowSink> {
  const create = formatOf(name) === 'csv' ? createCsvSink : createParquetSink;
  return create(path, columns).catch((error: Error) => {
    throw new Error(`${name} cannot be written: ${error.message}`, { cause: error });
  });
}

/** What the name of a file says that it is. @throws Error  it says neither */
export function formatOf(path: string): 'csv' | 'parquet' {
  const [, format] = /\.(csv|parquet)$/i.exec(path) ?? [];
  if (format !== undefined) return format.toLowerCase() as 'csv' | 'parquet';
  throw new Error(`${path} is neither CSV nor Parquet by its name; wanted one that ends in .csv or .parquet`, {
    cause: path,
  });
}
