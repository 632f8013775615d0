import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../../trainer/builtin/dataset.js';
import type { Split } from './data-sets.js';

/** Writes a split in the form that the Python programs read: categories as numbers, an empty cell where a value is missing. */
export async function writeSplit(folder: string, split: Split): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { task, classes, train, test } = split;
  const names = train.columns.map((_, i) => `f${i}`);
  const categorical = names.filter((_, i) => train.columns[i]!.type === 'categorical');
  await writeFile(join(folder, 'spec.json'), JSON.stringify({ task, classes, categorical }));
  await writeFile(join(folder, 'train.csv'), toCsv(names, train));
  await writeFile(join(folder, 'test.csv'), toCsv(names, test));
}

function toCsv(names: readonly string[], { columns, rows, target }: Dataset): string {
  const lines = [[...names, 'target'].join(',')];
  for (let row = 0; row < rows; row++) {
    const cells = columns.map((column) => {
      const value = column.type === 'numeric' ? column.values[row]! : column.codes[row]!;
      return Number.isNaN(value) || (column.type === 'categorical' && value < 0) ? '' : String(value);
    });
    lines.push([...cells, target[row]].join(','));
  }
  return `${lines.join('\n')}\n`;
}
