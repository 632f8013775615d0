import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MEMORY_ENVIRONMENT } from '../../../core/inference/memory-environment.js';
import { packagePath } from '../../../core/package-path.js';

test('the image has the environment that gives the memory of models back', () => {
  const dockerfile = readFileSync(packagePath('Dockerfile'), 'utf8');
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  for (const [name, value] of Object.entries(MEMORY_ENVIRONMENT)) expect(last).toContain(`${name}=${value}`);
});
