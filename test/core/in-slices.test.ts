import { expect, test } from 'vitest';
import { createInSlices, type InSlices, inSlices } from '../../core/in-slices.js';

const work = (rows: number[], ms: number) => (start: number, end: number) => {
  for (let row = start; row < end; row++) rows.push(row);
  const until = performance.now() + ms;
  while (performance.now() < until);
};
const all = (rows: number): number[] => Array.from({ length: rows }, (_, i) => i);

test.each([
  ['a caller alone', inSlices],
  ['callers together', createInSlices()],
] as [string, InSlices][])(
  'gives each row once and in order, with turns of the event loop between: %s',
  async (_, eachSlice) => {
    const rows: number[] = [];
    let turns = 0;
    let running = true;
    const count = (): void => {
      turns++;
      if (running) setImmediate(count);
    };
    count();
    await eachSlice(320, work(rows, 1));
    running = false;
    expect(rows).toEqual(all(320));
    // Ten chunks of a millisecond, two in a slice.
    expect(turns).toBeGreaterThanOrEqual(4);
    await eachSlice(0, () => expect.unreachable());
  },
);

test('does one slice of all callers a turn, in rotation', async () => {
  const eachSlice = createInSlices();
  const order: string[] = [];
  const busy = (name: string) => () => {
    order.push(name);
    work([], 2.1)(0, 0);
  };
  await Promise.all([eachSlice(96, busy('a')), eachSlice(64, busy('b')), eachSlice(32, busy('c'))]);
  expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'a']);
});

test('rejects with what the work throws, and goes on with the others', async () => {
  const eachSlice = createInSlices();
  const rows: number[] = [];
  const failing = eachSlice(10, () => {
    throw new Error('no');
  });
  const good = eachSlice(40, work(rows, 0));
  await expect(failing).rejects.toThrow('no');
  await good;
  expect(rows).toEqual(all(40));
  await expect(
    inSlices(1, () => {
      throw new Error('neither');
    }),
  ).rejects.toThrow('neither');
});
