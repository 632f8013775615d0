import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { parquetWriteFile } from 'hyparquet-writer';
import { expect } from 'vitest';
import { readCsv } from '../../../core/csv.js';
import type { Answer, ExampleStack } from './example-stack.js';

/**
 * `plumbline predict` on test.csv, as it is and as a Parquet file: every row in order, with the answers of /v1.
 * @param answers  of /v1 to the first rows
 */
export async function expectScoredFiles({ command, folder }: ExampleStack, answers: Answer[]): Promise<void> {
  const [csv, parquet] = [join(folder, 'test.csv'), join(folder, 'test.parquet')];
  const { columns, rows } = await readCsv(csv);
  const scoredCsv = join(folder, 'scored.csv');
  const said = await command('predict', '--input', csv, '--output', scoredCsv, '--batch-size', '700');
  expect(said).toContain(`${rows.length} rows, ${rows.length} answered by wine-quality version 1, 0 with an error`);
  const scored = (await readCsv(scoredCsv)).rows;
  expect(scored.map((row) => columns.map((name) => row[name]))).toEqual(
    rows.map((row) => columns.map((name) => row[name])),
  );
  for (const [i, { label, probabilities }] of answers.entries()) {
    expect(scored[i]!.label).toBe(label);
    for (const [name, value] of Object.entries(probabilities!)) {
      expect(Number(scored[i]![`probability_${name}`])).toBeCloseTo(value, 6);
    }
  }

  parquetWriteFile({
    filename: parquet,
    columnData: columns.map((name) => ({ name, type: 'DOUBLE', data: rows.map((row) => Number(row[name])) })),
    rowGroupSize: 1_000,
  });
  const scoredParquet = join(folder, 'scored.parquet');
  await command('predict', '--input', parquet, '--output', scoredParquet, '--model', 'wine-quality');
  const again = await parquetReadObjects({ file: await asyncBufferFromFile(scoredParquet) });
  expect(again).toHaveLength(rows.length);
  for (const [i, row] of again.entries()) {
    expect(columns.map((name) => row[name])).toEqual(columns.map((name) => Number(rows[i]![name])));
    expect([row.label, row.model_version, row.error ?? null]).toEqual([scored[i]!.label, 1, null]);
    expect(row.probability_6).toBeCloseTo(Number(scored[i]!.probability_6), 6);
  }
}
