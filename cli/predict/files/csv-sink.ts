import { open } from 'node:fs/promises';
import { formatCsv } from '../../../core/csv.js';
import type { RowColumn, RowSink } from './row-file.js';

/** Begins a CSV file with a header, separated by commas; one that is there is written over. */
export async function createCsvSink(path: string, columns: RowColumn[]): Promise<RowSink> {
  const names = columns.map(({ name }) => name);
  const file = await open(path, 'w');
  await file.appendFile(formatCsv(names, []));
  return {
    write: async (rows) => {
      const cells = rows.map((row) => row.map((cell, i) => columns[i]!.plain(cell)));
      await file.appendFile(formatCsv(names, cells, { header: false }));
    },
    finish: async () => {
      await file.sync();
      await file.close();
    },
    abandon: () => file.close(),
  };
}
