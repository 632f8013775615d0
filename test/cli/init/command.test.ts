import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { formatCsv } from '../../../core/csv.js';
import { compiledPath } from '../../../core/package-path.js';
import { createPlace, PRICES, prices } from './fixture.js';
import { torchLinear } from './models.js';

const run = promisify(execFile);

test('without a terminal the command asks for --yes; with it, it asks nothing and says what to type next', async () => {
  const place = await createPlace();
  await writeFile(join(place.folder, 'model.onnx'), torchLinear(PRICES));
  await writeFile(join(place.folder, 'train.csv'), formatCsv(['price', 'size', 'age'], prices(80, 1)));
  const init = (...args: string[]): Promise<{ stdout: string }> => {
    const files = ['--onnx', 'model.onnx', '--csv', 'train.csv'];
    const command = [compiledPath('cli/main.js'), 'init', 'My Houses', ...files, ...args];
    return run(process.execPath, command, { cwd: place.folder });
  };
  await expect(init()).rejects.toMatchObject({ code: 1, stderr: 'there is no terminal to ask at; say --yes\n' });
  await expect(init('--yes', '--features', 'size, weight')).rejects.toMatchObject({
    stderr: expect.stringContaining('there is no column "weight"'),
  });
  const { stdout } = await init('--yes', '--features', 'size,age');
  expect(stdout.split('\n').slice(-4, -1)).toEqual([
    'the model answers all 80 reference rows; next:',
    "  npx plumbline model check 'My Houses'",
    '  npx plumbline model add \'My Houses\'    # with "npx plumbline up" running',
  ]);
  const checked = await run(process.execPath, [
    compiledPath('cli/main.js'),
    'model',
    'check',
    place.project.replace('my-model', 'My Houses'),
  ]);
  expect(checked.stdout).toContain('my-houses: regression, 2 features, 80 reference rows: sound');
  await place.remove();
});
