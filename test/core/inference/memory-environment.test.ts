import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MEMORY_ENVIRONMENT } from '../../../core/inference/memory-environment.js';
import { packagePath } from '../../../core/package-path.js';

test('the image has the environment that gives the memory of models back', () => {
  const dockerfile = readFileSync(packagePath('Dockerfile'), 'utf8');
  const [, app] = /\nFROM \S+ AS app\n(.*?)\n(?=FROM )/s.exec(dockerfile)!;
  for (const [name, value] of Object.entries(MEMORY_ENVIRONMENT)) expect(app).toContain(`${name}=${value}`);
  // The other images that run our processes are made from it.
  expect(dockerfile).toMatch(/\nFROM app AS python-trainer\n/);
  expect(dockerfile).toMatch(/\nFROM app\n$/);
});
