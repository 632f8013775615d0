import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { readCsv, writeCsv } from '../../core/csv.js';
import { loadProject, type ModelProject } from '../../core/project/load.js';
import { trainProject } from '../../core/project/train-project.js';
import { prepareProject } from '../../examples/shared/prepare-project.js';
import { type ModelDescription, sentFields } from '../../traffic/model-description.js';
import type { HealingPlan } from './plan.js';

/** An example, ready to be registered, and the rows to send to it. */
export interface HealingProject {
  project: ModelProject;
  description: ModelDescription;
  /** Files of rows, by absolute path: those the champion has not learned, and all of the publisher's. */
  unseen: string;
  all: string;
}

const SEED = 1;

/** Prepares an example from the publisher's file in `data`, trains its champion as its manifest says, then sets what the plan sets. */
export async function makeProject(plan: HealingPlan, folder: string, data: string): Promise<HealingProject> {
  const { example, rows, recentRows, trials } = plan;
  const csv = join(data, example.published.file);
  await prepareProject(example, { output: folder, csv, seed: SEED, ...(rows !== undefined && { rows }) });
  await trainProject(folder, SEED);
  const manifest = join(folder, 'model.yaml');
  const document = parseDocument(await readFile(manifest, 'utf8'));
  if (recentRows !== undefined) {
    document.setIn(['retraining', 'minimumOutcomes'], recentRows);
    document.setIn(['retraining', 'maximumRows'], recentRows);
  }
  if (trials !== undefined) document.setIn(['training', 'trials'], trials);
  await writeFile(manifest, document.toString());
  const project = await loadProject(folder);
  const concatenate = async (name: string, files: string[]): Promise<string> => {
    const tables = await Promise.all(files.map((file) => readCsv(join(folder, file))));
    await writeCsv(
      join(folder, name),
      tables[0]!.columns,
      tables.flatMap((table) => table.rows),
    );
    return join(folder, name);
  };
  return {
    project,
    description: { ...project.manifest, features: sentFields(project.manifest) },
    unseen: await concatenate('unseen.csv', ['held-out.csv', 'test.csv']),
    all: await concatenate('all.csv', ['reference.csv', 'held-out.csv', 'test.csv']),
  };
}
