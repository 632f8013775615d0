import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../core/csv.js';
import { decodeInstances } from '../../core/inference/batch.js';
import { parseManifest } from '../../core/manifest/parse.js';
import { packagePath } from '../../core/package-path.js';
import { fitPreparation } from '../../core/preparation/fit.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import type { Problem } from '../../core/problems.js';
import { readLabelledRows } from '../../core/project/reference.js';
import { resolveManifest } from '../../core/project/resolve.js';
import { beloHorizonte } from '../../examples/belo-horizonte/example.js';
import { carPurchase } from '../../examples/car-purchase/example.js';
import { kickstarter } from '../../examples/kickstarter/example.js';
import { obesity } from '../../examples/obesity/example.js';
import type { Example } from '../../examples/shared/example.js';
import { prepareProject } from '../../examples/shared/prepare-project.js';
import { wineQuality } from '../../examples/wine-quality/example.js';
import { needData } from '../helpers/tool.js';
import { temporaryFolder } from '../traffic/wine-model.js';

const FILES = ['model.yaml', 'reference.csv', 'held-out.csv', 'test.csv'];
// Rows of each publisher's file that pass its cleaning rules.
const examples: [Example, string, number][] = [
  [wineQuality, 'winequality-white.csv', 4_898],
  [obesity, 'obesity.csv', 2_111],
  [carPurchase, 'car_data.csv', 1_000],
  [kickstarter, 'kickstarter.csv', 22_143],
  [beloHorizonte, 'belo_horizonte.csv', 5_233],
];

/** What does not fit the manifest of a prepared project, and how many values lie outside their plausible range. */
async function checkProject(folder: string): Promise<{ problems: Problem[]; outside: number }> {
  const problems: Problem[] = [];
  let outside = 0;
  const source = parseManifest(await readFile(join(folder, 'model.yaml'), 'utf8'));
  const reference = await readCsv(join(folder, 'reference.csv'));
  const unfitted = resolveManifest(source, undefined, reference, problems).manifest;
  const manifest = fitPreparation(unfitted, readLabelledRows(reference, unfitted, 'reference.csv', problems));
  for (const file of ['reference.csv', 'held-out.csv', 'test.csv']) {
    const rows = readLabelledRows(await readCsv(join(folder, file)), manifest, file, problems);
    const instances = decodeInstances(manifest, encodeRows(manifest, rows.instances));
    for (const feature of manifest.features) {
      if (feature.type !== 'numeric' || !feature.range) continue;
      const [least, most] = feature.range;
      const told = instances.map((instance) => instance[feature.name]).filter((value) => value !== null);
      outside += told.filter((value) => Number(value) < least || Number(value) > most).length;
    }
  }
  return { problems, outside };
}

it('looks at every example there is', async () => {
  const folders = await readdir(packagePath('examples'));
  expect(folders.filter((folder) => folder !== 'shared').sort()).toEqual(examples.map(([{ name }]) => name).sort());
});

describe.each(examples)('$name', (example, file, rows) => {
  it('generates a project whose rows fit its manifest', async () => {
    const output = await temporaryFolder();
    const written = await prepareProject(example, { output, seed: 1 });
    expect(written.reference + written.heldOut + written.test).toBe(example.usualRows);
    const known = written.reference + written.heldOut;
    expect(known / example.usualRows).toBeCloseTo(example.referenceShare, 1);
    expect(written.heldOut / known).toBeCloseTo(0.25, 1);
    expect(await checkProject(output)).toEqual({ problems: [], outside: 0 });
  });

  it('writes the same bytes for the same seed and others for another', async () => {
    const made = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const output = await temporaryFolder();
        await prepareProject(example, { output, seed, rows: 300 });
        return Promise.all(FILES.map((name) => readFile(join(output, name), 'utf8')));
      }),
    );
    expect(made[1]).toEqual(made[0]);
    expect(made[2]).not.toEqual(made[0]);
  });

  it("takes every row of the publisher's file that passes its rules", async (context) => {
    const csv = needData(context, file);
    const output = await temporaryFolder();
    const written = await prepareProject(example, { output, seed: 1, csv });
    expect(written.reference + written.heldOut + written.test).toBe(rows);
    expect((await checkProject(output)).problems).toEqual([]);
    const some = await prepareProject(example, { output, seed: 1, csv, rows: 200 });
    expect(some.reference + some.heldOut + some.test).toBe(200);
  });
});
