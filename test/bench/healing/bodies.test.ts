import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeBodies } from '../../../bench/healing/bodies.js';
import { parseManifest } from '../../../core/manifest/parse.js';
import { packagePath } from '../../../core/package-path.js';
import { carPurchase } from '../../../examples/car-purchase/example.js';
import { prepareProject } from '../../../examples/shared/prepare-project.js';
import type { ModelDescription } from '../../../traffic/model-description.js';

test('writes requests of one row each, moved under a scenario', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'healing-'));
  await prepareProject(carPurchase, { output: folder, rows: 300, seed: 1 });
  const source = parseManifest(await readFile(packagePath('examples/car-purchase/model.yaml'), 'utf8'), 'model.yaml');
  const meanAge = async (scenario: string): Promise<number> => {
    const path = join(folder, `${scenario}.txt`);
    const description = source as unknown as ModelDescription;
    await writeBodies(path, { description, file: join(folder, 'test.csv'), scenario });
    const bodies = (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const { instances } of bodies) {
      expect(instances).toEqual([
        { gender: expect.stringMatching(/male$/i), age: expect.any(Number), annual_salary: expect.any(Number) },
      ]);
    }
    return bodies.reduce((sum, { instances }) => sum + instances[0].age, 0) / bodies.length;
  };
  // 1.5 standard deviations, which are about ten years.
  expect((await meanAge('sudden-shift')) - (await meanAge('none'))).toBeGreaterThan(10);
  await rm(folder, { recursive: true });
});
