import { expect, test } from 'vitest';
import { returnPath } from '../../../monitor/console/ask-to-sign-in.js';
import { createAttempts } from '../../../monitor/console/attempts.js';
import { createSession, newSessionId, readSession, SESSION_SECONDS } from '../../../monitor/console/session.js';

const now = new Date('2026-01-15T12:00:00Z');
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1_000);

test('a session lasts its time, under its own token only', () => {
  const session = createSession('a token', now, 'an-id');
  expect(readSession('a token', session, now)).toEqual({ id: 'an-id', secondsLeft: SESSION_SECONDS });
  expect(readSession('a token', session, later(SESSION_SECONDS + 1))).toBeUndefined();
  expect(readSession('another token', session, now)).toBeUndefined();
});

test('a session that was made up or made longer is none', () => {
  const [ends, id, signature] = createSession('a token', now, newSessionId()).split('.') as [string, string, string];
  for (const value of [
    '',
    '.',
    ends,
    `${ends}.`,
    `${Number(ends) + 1}.${id}.${signature}`,
    `${ends}.${signature}`,
    `${ends}.another-id.${signature}`,
    `${ends}.${id}.${signature}.x`,
    `1e12.${id}.${signature}`,
    `${ends}.${id}.${signature}x`,
  ]) {
    expect(readSession('a token', value, now), value).toBeUndefined();
  }
});

test('the right token is let in at once; wrong ones wait, and a crowd of them closes the door for a moment', async () => {
  const release: (() => void)[] = [];
  const attempt = createAttempts({
    token: 'right',
    delay: () => new Promise((done) => release.push(() => done(undefined))),
  });
  expect(await attempt('right')).toBe('right');
  const wrong = Array.from({ length: 10 }, (_, i) => attempt(`guess ${i}`));
  expect(release).toHaveLength(10);
  expect(await attempt('right')).toBe('too-many');
  expect(await attempt('guess 11')).toBe('too-many');
  for (const done of release) done();
  expect(await Promise.all(wrong)).toEqual(new Array(10).fill('wrong'));
  expect(await attempt('right')).toBe('right');
});

test('after signing in only pages of the console are gone back to', () => {
  expect(returnPath('/models/wine?version=2&period=day')).toBe('/models/wine?version=2&period=day');
  for (const elsewhere of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/a b',
    '/a\nb',
    ['/a'],
    undefined,
  ]) {
    expect(returnPath(elsewhere), String(elsewhere)).toBe('/');
  }
});
