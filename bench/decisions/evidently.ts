import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packagePath } from '../../core/package-path.js';
import { runToEnd } from '../run-to-end.js';
import type { ExportedWindow } from './calm.js';
import type { Column } from './simulated-model.js';

/** What Evidently's defaults say of one window. */
export interface EvidentlyAnswer {
  window: string;
  /** Columns it calls drifted. */
  columns: number;
  /** Those of them that are numbers or have 50 categories at most. */
  fewCategories: number;
  /** Whether at least half of them are: its own "dataset drift". */
  dataset: boolean;
}

/** What Evidently's PSI says without and with the one value far away. */
export interface EvidentlyOutlier {
  psi: number;
  psiWithOutlier: number;
}

/** Writes a window in the form that `evidently/judge.py` reads. */
export async function writeWindow(folder: string, { model, columns, rows }: ExportedWindow): Promise<void> {
  await mkdir(folder, { recursive: true });
  const described: { name: string; type: string }[] = [];
  for (const [i, current] of columns.entries()) {
    const reference = model.reference[i]!;
    const name = `f${i}`;
    described.push({ name, type: 'texts' in current ? 'categorical' : 'numeric' });
    const codes = new Map<string, number>();
    for (const [window, column] of Object.entries({ reference, current })) {
      await writeFile(join(folder, `${window}-${name}.f64`), toBytes(column, codes));
    }
  }
  await writeFile(join(folder, 'columns.json'), JSON.stringify(described.map((column) => ({ ...column, rows }))));
}

/** Numbers as they are; a category as its number in order of appearance, -1 where missing. */
export function toBytes(column: Column, codes: Map<string, number>): Uint8Array {
  const numbers =
    'numbers' in column
      ? column.numbers
      : Float64Array.from(column.texts, (text) => {
          if (text === null) return -1;
          if (!codes.has(text)) codes.set(text, codes.size);
          return codes.get(text)!;
        });
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/**
 * Judges the windows in `folder` by Evidently in an environment of its own, made once for its pinned requirements.
 * @throws Error with the last words of Python when it cannot be had
 */
export async function askEvidently(
  folder: string,
  cache: string,
): Promise<{ answers: EvidentlyAnswer[]; outlier: EvidentlyOutlier; packages: string[] }> {
  const environment = join(cache, 'venv-evidently');
  const source = packagePath('bench/decisions/evidently');
  const requirements = join(source, 'requirements.txt');
  const stamp = join(environment, 'requirements.sha256');
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  if ((await readFile(stamp, 'utf8').catch(() => '')) !== digest) {
    await rm(environment, { recursive: true, force: true });
    await runToEnd('python3', ['-m', 'venv', environment]);
    await runToEnd(join(environment, 'bin/pip'), ['install', '--quiet', '-r', requirements]);
    await writeFile(stamp, digest);
  }
  const printed = await runToEnd(join(environment, 'bin/python'), [join(source, 'judge.py'), folder]);
  const lines = printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as EvidentlyAnswer & EvidentlyOutlier);
  const frozen = await runToEnd(join(environment, 'bin/pip'), ['freeze']);
  return {
    answers: lines.filter(({ window }) => window !== 'outlier'),
    outlier: lines.find(({ window }) => window === 'outlier')!,
    packages: frozen
      .trim()
      .split('\n')
      .filter((line) => /^(evidently|numpy|pandas|scipy)==/.test(line)),
  };
}
