import { randomBytes } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { createKey } from '../../../core/keys/format.js';
import { createKeyCheck } from '../../../service/keys/key-check.js';

const compared = vi.hoisted(() => vi.fn());
vi.mock('node:crypto', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:crypto')>();
  const timingSafeEqual: typeof original.timingSafeEqual = (a, b) => {
    compared(a.byteLength, b.byteLength);
    return original.timingSafeEqual(a, b);
  };
  return { ...original, timingSafeEqual };
});
afterEach(() => compared.mockClear());

const NOW = Date.UTC(2026, 0, 31);
const key = createKey(randomBytes);
const expired = createKey(randomBytes);
const check = createKeyCheck({ now: () => NOW });
check.set([
  { ...key, expiresAt: new Date(NOW + 1) },
  { ...expired, expiresAt: new Date(NOW) },
]);
const withKey = (text: string) => ({ headers: { 'x-api-key': text } });

test('lets in a key that is in force, in either header', () => {
  check.assertKey(withKey(key.key));
  check.assertKey({ headers: { authorization: `Bearer ${key.key}` } });
  check.assertKey({ headers: { authorization: `bearer  ${key.key} ` } });
});

test('an unknown id is compared like a wrong secret: two hashes, in a time that does not tell how alike they are', () => {
  const wrongSecret = `${key.key.slice(0, -2)}${key.key.endsWith('AA') ? 'BB' : 'AA'}`;
  for (const text of [wrongSecret, createKey(randomBytes).key]) {
    expect(() => check.assertKey(withKey(text))).toThrow('the API key is unknown or was revoked; send one that');
    expect(compared.mock.calls).toEqual([[32, 32]]);
    compared.mockClear();
  }
});

test.each([
  ['no key', {}, 'no API key came with the request'],
  ['another scheme', { authorization: `Basic ${key.key}` }, 'no API key came with the request'],
  ['a text of another form', { 'x-api-key': 'secret' }, 'the API key has not the form of one'],
  ['an id without its secret', { 'x-api-key': key.key.slice(0, 21) }, 'the API key has not the form of one'],
  ['a key that has expired', { 'x-api-key': expired.key }, 'the API key has expired'],
])('refuses %s, and says what to do', (_what, headers, message) => {
  const refused = (): void => check.assertKey({ headers });
  expect(refused).toThrow(message);
  expect(refused).toThrow(
    expect.objectContaining({ status: 401, message: expect.stringContaining('plumbline keys add') }),
  );
});

test('before the keys are known nobody is let in, and nobody is told that the key is wrong', () => {
  const early = createKeyCheck({ now: () => NOW });
  expect(early.isReady()).toBe(false);
  expect(() => early.assertKey(withKey(key.key))).toThrow(expect.objectContaining({ status: 503 }));
});
