import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRowStream } from '../../traffic/row-stream.js';
import { none } from '../../traffic/scenarios/none.js';
import { writeRequests } from '../../traffic/write-requests.js';
import { temporaryFolder, wineModel } from './wine-model.js';

const rows = ['10', '20', '30'].map((target) => ({ instance: { x: Number(target) }, target }));
const scenario = { name: 'none', feature: null, magnitude: 0, startAfter: 0, ramp: 0, truth: none.truth };

it('writes the header, then every row once in batches, with the truth as a number for a regression or null', async () => {
  const path = join(await temporaryFolder(), 'requests.jsonl');
  const stream = createRowStream({ rows, scenario: (row) => row, startAfter: 0, ramp: 0, outcomesShare: 0.5, seed: 1 });
  const header = { format: 'plumbline-requests/1', model: 'm', seed: 1, rows: 31, scenario } as const;
  await writeRequests({ path, header, model: { ...wineModel, task: 'regression' }, stream, batch: 4 });
  const [first, ...lines] = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(first).toEqual(header);
  const requests = lines as { instances: { x: number }[]; actuals: (number | null)[] }[];
  expect(requests.map(({ instances }) => instances.length)).toEqual([4, 4, 4, 4, 4, 4, 4, 3]);
  const pairs = requests.flatMap(({ instances, actuals }) => instances.map(({ x }, i) => [x, actuals[i]] as const));
  for (const [x, actual] of pairs) expect([x, null]).toContain(actual);
  expect(pairs.filter(([, actual]) => actual === null).length).toBeGreaterThan(0);
  expect(pairs.filter(([x, actual]) => actual === x).length).toBeGreaterThan(0);
});
