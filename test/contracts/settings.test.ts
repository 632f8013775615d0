import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packagePath } from '../../core/package-path.js';
import { renderSettings } from '../../docs/generate-settings.js';

test('.env.example and docs/settings.md are what the settings schemas say (npm run docs)', () => {
  const { env, markdown } = renderSettings();
  expect(readFileSync(packagePath('.env.example'), 'utf8')).toBe(env);
  expect(readFileSync(packagePath('docs/settings.md'), 'utf8')).toBe(markdown);
});
