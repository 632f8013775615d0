import { expect, test } from 'vitest';
import { createTurns } from '../../../service/outcomes/turns.js';

test('runs so many at a time, the others in order, and refuses what is more than may wait', async () => {
  const takeTurn = createTurns({ running: 2, waiting: 2 });
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () =>
    new Promise<string>((resolve) => {
      begun.push(name);
      ends.set(name, () => resolve(name));
    });
  const turns = ['a', 'b', 'c', 'd'].map((name) => takeTurn(work(name)));
  await expect(takeTurn(work('e'))).rejects.toMatchObject({ status: 503, code: 'overloaded' });
  expect(begun).toEqual(['a', 'b']);
  ends.get('b')!();
  expect(await turns[1]).toBe('b');
  await new Promise(setImmediate);
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const name of ['a', 'c']) ends.get(name)!();
  await new Promise(setImmediate);
  ends.get('d')!();
  expect(await Promise.all(turns)).toEqual(['a', 'b', 'c', 'd']);
});

test('gives the turn on when the work fails', async () => {
  const takeTurn = createTurns({ running: 1, waiting: 5 });
  const failed = takeTurn(() => Promise.reject(new Error('no')));
  const next = takeTurn(async () => 'yes');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('yes');
});
