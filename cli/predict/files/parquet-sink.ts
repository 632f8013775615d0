import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import { TEXT } from './parquet-column.js';
import type { RowColumn, RowSink } from './row-file.js';

/** Rows of a row group: a few megabytes of numbers in memory at a time. */
const GROUP_ROWS = 20_000;

/** Begins a Parquet file, compressed by Snappy; one that is there is written over. Of a column of text, an empty cell is null. */
export async function createParquetSink(path: string, columns: RowColumn[]): Promise<RowSink> {
  const schema = [
    { name: 'schema', num_children: columns.length },
    ...columns.map(({ name, element }) => ({ ...(element ?? TEXT), name })),
  ];
  const writer = new ParquetWriter({ writer: fileWriter(path), schema });
  let waiting: unknown[][] = [];
  const writeGroup = async (): Promise<void> => {
    const rows = waiting;
    waiting = [];
    const columnData = columns.map(({ name, element }, i) => ({
      name,
      data: rows.map((row) => (element === undefined && row[i] === '' ? null : row[i])),
    }));
    await writer.write({ columnData, rowGroupSize: rows.length });
  };
  return {
    write: async (rows) => {
      for (const row of rows) waiting.push(row);
      if (waiting.length >= GROUP_ROWS) await writeGroup();
    },
    finish: async () => {
      if (waiting.length > 0) await writeGroup();
      await writer.finish();
    },
    abandon: async () => undefined,
  };
}
