import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { packagePath } from '../../../core/package-path.js';
import type { ExampleStack } from './example-stack.js';

/** Each `plumbline traffic` command of an example's README, as it stands there but for a few rows only: all are answered. */
export async function expectTrafficOfReadme({ name, folder, stack, command }: ExampleStack): Promise<void> {
  const text = await readFile(packagePath(`examples/${name}/README.md`), 'utf8');
  const commands = [...text.matchAll(/^npx plumbline (traffic .+)$/gm)].map(([, line]) => line!);
  expect(commands.length).toBeGreaterThan(0);
  for (const line of commands) {
    const args = line.replace(`.plumbline/examples/${name}/`, `${folder}/`).split(' ');
    const said = await command(...args, '--url', stack.serviceUrl, '--count', '3', '--outcomes-delay', '0');
    expect(said, line).toContain('sent 3, acknowledged 3, refused 0, failed 0');
  }
}
