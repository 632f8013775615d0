import { afterEach, expect, test, vi } from 'vitest';
import { findTool, needData } from './tool.js';

afterEach(() => vi.unstubAllEnvs());

test('finds a program under any of its names', () => {
  expect(findTool(['no-such-tool', 'node'], 'never asked for')).toMatch(/node$/);
});

test("a missing publisher's file skips the test in CI too, and says how to give it", () => {
  vi.stubEnv('CI', 'true');
  vi.stubEnv('TEST_DATA_FOLDER', '/no-such-folder');
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const skip = vi.fn<() => never>();
  needData({ skip }, 'wines.csv');
  const note = 'skipped: wines.csv is not in /no-such-folder; set TEST_DATA_FOLDER to the folder that has it';
  expect(skip).toHaveBeenCalledWith(note);
  expect(warn).toHaveBeenCalledWith(note);
  warn.mockRestore();
});

test('a missing program fails in CI, with how to install it, and is undefined elsewhere', () => {
  vi.stubEnv('CI', 'true');
  expect(() => findTool('no-such-tool', 'apt-get install it')).toThrow(
    'no-such-tool is not on the PATH; install it with: apt-get install it',
  );
  vi.stubEnv('CI', '');
  expect(findTool('no-such-tool', 'apt-get install it')).toBeUndefined();
});
