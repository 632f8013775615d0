import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { compiledPath } from '../../../core/package-path.js';
import { temporaryFolder } from '../../traffic/wine-model.js';

const run = promisify(execFile);
const prepare = (...args: string[]): Promise<{ stdout: string }> =>
  run(process.execPath, [compiledPath('examples/wine-quality/prepare.js'), ...args]);

describe('the prepare command', () => {
  it('writes the four files and says how many rows', async () => {
    const output = join(await temporaryFolder(), 'project');
    const { stdout } = await prepare('--output', output, '--rows', '1000', '--seed', '3');
    expect(stdout).toMatch(/project: \d+ reference rows, \d+ held-out rows, \d+ test rows\n$/);
    expect((await readdir(output)).sort()).toEqual(['held-out.csv', 'model.yaml', 'reference.csv', 'test.csv']);
  });

  it.each([
    [['--csv', '/nowhere/wine.csv'], 'prepare: /nowhere/wine.csv does not exist'],
    [['--rows', 'many'], '"many" is not a whole number of at least 100'],
  ])('exits 1 and says what is wrong: %j', async (args, message) => {
    const failing = prepare('--output', join(await temporaryFolder(), 'project'), ...args);
    await expect(failing).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
  });
});
