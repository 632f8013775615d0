import { expect, test } from 'vitest';
import { createNewId, idMilliseconds, isId } from '../../service/new-id.js';

test('makes ascending ids that hold the clock, also when it stands still or goes back', () => {
  let now = Date.UTC(2026, 0, 31);
  const newId = createNewId({ now: () => now, fillRandom: (bytes) => crypto.getRandomValues(bytes) });
  const ids = [...Array.from({ length: 600 }, newId)];
  expect(ids.every((id) => isId(id) && idMilliseconds(id) === now)).toBe(true);
  now += 1;
  ids.push(newId());
  expect(idMilliseconds(ids.at(-1)!)).toBe(now);
  now -= 1_000;
  ids.push(newId());
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(602);
});

test('goes on into the next millisecond when its counter is full', () => {
  const newId = createNewId({ now: () => 1_000, fillRandom: (bytes) => bytes.fill(255) });
  const first = newId();
  expect(first).toBe('00000000-03e8-77ff-bfff-ffffffffffff');
});

test('tells a UUID v7 from anything else', () => {
  for (const other of ['', 'x', 7, null, '4bf92f35-77b3-4da6-a3ce-929d0e0e4736']) expect(isId(other)).toBe(false);
  expect(isId('019AB000-0000-7000-8000-000000000000')).toBe(true);
});
