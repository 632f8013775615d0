import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSettings } from '../../core/settings.js';

const schema = Type.Object({
  DEMO_TOKEN: Type.String({ minLength: 8, description: 'a secret' }),
  DEMO_PORT: Type.Integer({ default: 80, maximum: 100, description: 'a port' }),
});
const load = (environment: Record<string, string>) => loadSettings(schema, environment, 'DEMO_');

let folder: string;
const fileWith = async (text: string): Promise<string> => {
  const path = join(folder, `${Math.abs(text.length)}-secret`);
  await writeFile(path, text);
  return path;
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-settings-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('reads a value from the file that NAME_FILE names, without the newline at its end', async () => {
  const settings = load({ DEMO_TOKEN_FILE: await fileWith('from-a-file\n'), DEMO_PORT_FILE: await fileWith('81') });
  expect(settings).toEqual({ DEMO_TOKEN: 'from-a-file', DEMO_PORT: 81 });
});

it('prefers the variable itself, and takes empty variables as not set', async () => {
  const file = await fileWith('from-a-file');
  expect(load({ DEMO_TOKEN: 'from-variable', DEMO_TOKEN_FILE: file }).DEMO_TOKEN).toBe('from-variable');
  expect(load({ DEMO_TOKEN: '', DEMO_TOKEN_FILE: file, DEMO_PORT_FILE: '' })).toEqual({
    DEMO_TOKEN: 'from-a-file',
    DEMO_PORT: 80,
  });
});

it('says once why a file gives no value, and never shows what is in it', async () => {
  expect(() => load({ DEMO_TOKEN_FILE: join(folder, 'absent') })).toThrow(
    /DEMO_TOKEN {2}the file of DEMO_TOKEN_FILE cannot be read: ENOENT.*absent'$/,
  );
  const empty = await fileWith('');
  expect(() => load({ DEMO_TOKEN_FILE: empty })).toThrow(`the file of DEMO_TOKEN_FILE, ${empty}, is empty`);
  const short = await fileWith('short');
  const many = await fileWith('many');
  expect(() => load({ DEMO_TOKEN_FILE: short, DEMO_PORT_FILE: many })).toThrow(
    /DEMO_TOKEN {2}its value is not valid.*\n.*DEMO_PORT {2}its value is not valid/,
  );
  try {
    load({ DEMO_TOKEN_FILE: short });
    expect.unreachable();
  } catch (error) {
    expect((error as Error).message).not.toContain('short"');
  }
});

it('never shows the value of a variable that is named after a key', () => {
  const schema = Type.Object({ DEMO_API_KEYS: Type.Integer() });
  const load = () => loadSettings(schema, { DEMO_API_KEYS: 'plk_secret' }, 'DEMO_');
  expect(load).toThrow('DEMO_API_KEYS  its value is not valid');
  expect(load).not.toThrow('plk_secret');
});

it('knows NAME_FILE of its settings, and no other', async () => {
  expect(() => load({ DEMO_TOKEN: '12345678', DEMO_TOKN_FILE: 'x' })).toThrow(/DEMO_TOKN_FILE {2}is not a setting/);
});
