import { v7 } from 'uuid';
import { expect, test } from 'vitest';
import { createNewId, idMilliseconds, isId } from '../../service/new-id.js';

const START = Date.UTC(2026, 0, 31);
const fillRandom = (bytes: Uint8Array): Uint8Array => crypto.getRandomValues(bytes);

test('makes ascending ids that hold the clock, also when it stands still or goes back by up to a second', () => {
  let now = START;
  const newId = createNewId({ now: () => now, fillRandom });
  const ids = Array.from({ length: 600 }, newId);
  expect(ids.every((id) => isId(id) && idMilliseconds(id) === now)).toBe(true);
  for (const step of [1, -1_000, 500, 499, 2]) {
    now += step;
    ids.push(newId());
  }
  expect(ids.slice(600).map((id) => idMilliseconds(id) - START)).toEqual([1, 1, 1, 1, 2]);
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(605);
});

// An hour's step back once left every id of that hour with one and the same future millisecond.
test('follows a clock that goes back further, with ids that stay unique', () => {
  let now = START;
  const newId = createNewId({ now: () => now, fillRandom });
  const ids = [newId()];
  for (const step of [-1_001, 0, 1, -3_600_000, 10]) {
    now += step;
    ids.push(newId());
    expect(idMilliseconds(ids.at(-1)!)).toBe(now);
  }
  expect(new Set(ids).size).toBe(6);
});

test('goes on into the next millisecond when its counter is full', () => {
  const first = 0x7fffffff;
  const newId = createNewId({ now: () => 1_000, fillRandom: (bytes) => bytes.fill(255), largestSeq: first + 2 });
  const ids = Array.from({ length: 5 }, newId);
  expect(ids[0]).toBe('00000000-03e8-77ff-bfff-ffffffffffff');
  expect(ids.map(idMilliseconds)).toEqual([1_000, 1_000, 1_000, 1_001, 1_001]);
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(5);
});

test('lays an id out as the uuid library does', () => {
  let random = new Uint8Array(16);
  const fill = (bytes: Uint8Array): void => {
    crypto.getRandomValues(bytes);
    random = bytes.slice(0, 16);
  };
  for (let i = 0; i < 2_000; i++) {
    const msecs = Math.floor(2 ** (48 * (i / 2_000)));
    const seq = (random: Uint8Array): number => new DataView(random.buffer).getUint32(6) & 0x7fffffff;
    const id = createNewId({ now: () => msecs, fillRandom: fill })();
    expect(id).toBe(v7({ msecs, seq: seq(random), random }));
  }
});

test('tells a UUID v7 from anything else', () => {
  for (const other of ['', 'x', 7, null, '4bf92f35-77b3-4da6-a3ce-929d0e0e4736']) expect(isId(other)).toBe(false);
  expect(isId('019AB000-0000-7000-8000-000000000000')).toBe(true);
});
