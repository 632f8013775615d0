import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatCsv } from '../../core/csv.js';
import { ProblemsError } from '../../core/problems.js';
import { loadProject, type ModelProject } from '../../core/project/load.js';
import { asLabel, type Draft, type Sources } from './infer.js';
import { manifestText } from './manifest-text.js';

/** A project that was written and found sound. */
export interface Written {
  project: ModelProject;
  /** Names of the files, in the folder. */
  files: string[];
}

/** Asserts that a folder is not there, or empty. @throws ProblemsError */
export async function assertFree(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new ProblemsError(folder, [{ where: folder, message: `cannot be used: ${error.message}` }]);
  });
  if (names.length === 0) return;
  const message = `is there already, with ${names.slice(0, 5).join(', ')}; name a folder that is not there yet`;
  throw new ProblemsError(folder, [{ where: folder, message }]);
}

/** Writes a project where `plumbline model check` finds nothing wrong with it; else nothing is left behind. @throws ProblemsError */
export async function writeProject(folder: string, name: string, draft: Draft, sources: Sources): Promise<Written> {
  const files = projectFiles(name, draft, sources);
  const stage = await mkdtemp(join(tmpdir(), 'plumbline-init-'));
  try {
    await writeAll(stage, files);
    const project = await loadProject(stage);
    await mkdir(folder, { recursive: true });
    await writeAll(folder, files);
    return { project, files: Object.keys(files) };
  } catch (error) {
    // Told by the name of the folder that people know.
    throw error instanceof ProblemsError ? new ProblemsError(folder, error.problems) : error;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

function projectFiles(name: string, draft: Draft, sources: Sources): Record<string, string | Uint8Array> {
  const { training, test, onnxFile } = sources;
  const names = draft.features.map((feature) => feature.name);
  const target = draft.found.target ?? (names.includes('target') ? 'answer_of_the_model' : 'target');
  const rowsOf = (rows: Record<string, string>[], targets: string[]): string =>
    formatCsv(
      [...names, target],
      rows.map((row, i) => ({ ...row, [target]: targets[i] })),
    );
  const labels = test?.table.rows.map((row) => asLabel(row[target] ?? '', draft.classes));
  return {
    'model.yaml': manifestText(draft, { name, target, onnxFile, csvFile: training.file }),
    'model.onnx': draft.onnx,
    'reference.csv': rowsOf(training.table.rows, draft.targets),
    ...(test && labels && { 'held-out.csv': rowsOf(test.table.rows, labels) }),
  };
}

async function writeAll(folder: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content);
}
