import { readCsv, writeCsv } from '../../core/csv.js';
import { decodeInstances } from '../../core/inference/batch.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import { type Problem, ProblemsError } from '../../core/problems.js';
import { loadUntrainedProject } from '../../core/project/load.js';
import { type LabelledRows, readLabelledRows } from '../../core/project/reference.js';

/**
 * Writes the features and the target of a project's reference rows, or of another file with the same columns, as the model
 * is given them: for training elsewhere. What is fitted is fitted on reference.csv, whichever rows are written.
 * @returns rows written
 * @throws ProblemsError
 */
export async function prepareRows(folder: string, options: { input?: string; output: string }): Promise<number> {
  const { manifest, reference } = await loadUntrainedProject(folder);
  const { instances, targets } = options.input ? await readRows(options.input, manifest) : reference;
  const prepared = decodeInstances(manifest, encodeRows(manifest, instances));
  const columns = [...manifest.features.map(({ name }) => name), manifest.target];
  const records = prepared.map((instance, i) => ({ ...instance, [manifest.target]: targets[i] }));
  await writeCsv(options.output, columns, records);
  return records.length;
}

async function readRows(path: string, manifest: Manifest): Promise<LabelledRows> {
  const problems: Problem[] = [];
  const rows = readLabelledRows(await readCsv(path), manifest, path, problems);
  if (problems.length > 0) throw new ProblemsError(path, problems);
  return rows;
}
