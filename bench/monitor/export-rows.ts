import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyOut } from '../../core/postgres/copy-out.js';
import { type Pool, withClient } from '../../core/postgres/pool.js';
import { createRowReader, LIVE_ROW_COLUMNS, LIVE_ROW_FIELDS } from '../../monitor/summarise/live-rows.js';
import { type BenchRows, benchManifest, CATEGORIES, NUMERIC } from './model.js';

/** Writes the reference and the newest `rows` live rows for the peers: doubles, column by column, categories as their index. */
export async function exportRows(pool: Pool, reference: BenchRows, rows: number, folder: string): Promise<void> {
  const width = NUMERIC + CATEGORIES.length;
  const columns = new Float64Array(rows * width);
  const read = createRowReader(benchManifest);
  const query = `select ${LIVE_ROW_COLUMNS} from predictions p order by requested_at desc limit ${rows}`;
  let row = 0;
  await withClient(pool, (client) =>
    copyOut(client, query, LIVE_ROW_FIELDS, (...fields) => {
      const { numeric, categorical } = read(...fields);
      for (let i = 0; i < NUMERIC; i++) columns[i * rows + row] = numeric[i]!;
      categorical.forEach((text, i) => {
        columns[(NUMERIC + i) * rows + row] = Number(text!.slice('value '.length));
      });
      row++;
    }),
  );
  const ofReference = new Float64Array(reference.rows * width);
  for (let at = 0; at < reference.rows; at++) {
    for (let i = 0; i < NUMERIC; i++) ofReference[i * reference.rows + at] = reference.numeric[at * NUMERIC + i]!;
    CATEGORIES.forEach((_, i) => {
      const index = reference.categories[at * CATEGORIES.length + i]!;
      ofReference[(NUMERIC + i) * reference.rows + at] = index;
    });
  }
  await writeFile(join(folder, 'current.f64'), new Uint8Array(columns.buffer));
  await writeFile(join(folder, 'reference.f64'), new Uint8Array(ofReference.buffer));
  const description = {
    reference: reference.rows,
    current: rows,
    columns: benchManifest.features.map((feature) => ({
      name: feature.name,
      categories: feature.type === 'categorical' ? feature.categories : null,
    })),
  };
  await writeFile(join(folder, 'rows.json'), JSON.stringify(description));
}
