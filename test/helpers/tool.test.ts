import { afterEach, expect, test, vi } from 'vitest';
import { findTool } from './tool.js';

afterEach(() => vi.unstubAllEnvs());

test('finds a program under any of its names', () => {
  expect(findTool(['no-such-tool', 'node'], 'never asked for')).toMatch(/node$/);
});

test('a missing program fails in CI, with how to install it, and is undefined elsewhere', () => {
  vi.stubEnv('CI', 'true');
  expect(() => findTool('no-such-tool', 'apt-get install it')).toThrow(
    'no-such-tool is not on the PATH; install it with: apt-get install it',
  );
  vi.stubEnv('CI', '');
  expect(findTool('no-such-tool', 'apt-get install it')).toBeUndefined();
});
