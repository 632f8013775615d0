import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareProject } from '../../examples/shared/prepare-project.js';
import { wineQuality } from '../../examples/wine-quality/example.js';
import type { ModelDescription } from '../../traffic/model-description.js';
import { loadTestRows, type TestRow } from '../../traffic/test-rows.js';

/** The wine model as the service describes it. */
export const wineModel: ModelDescription = {
  name: 'wine-quality',
  task: 'multiclass',
  target: 'quality',
  classes: ['3', '4', '5', '6', '7', '8'],
  features: ['alcohol', 'volatile_acidity', 'sulphates'].map((name) => ({
    name,
    type: 'numeric',
    missing: false,
    outOfRange: 'flag',
  })),
};

/** A folder of its own, removed by the system. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'plumbline-traffic-'));
}

/** Prepares the wine project, from the publisher's file where `csv` is given. */
export async function prepareWine(csv?: string): Promise<{ folder: string; reference: TestRow[]; test: TestRow[] }> {
  const folder = await temporaryFolder();
  await prepareProject(wineQuality, { output: folder, seed: 1, ...(csv !== undefined && { csv }) });
  const load = (file: string): Promise<TestRow[]> => loadTestRows(join(folder, file), wineModel);
  return { folder, reference: await load('reference.csv'), test: await load('test.csv') };
}
