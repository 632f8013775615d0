import { expect, test } from 'vitest';
import { createDatabaseProbe } from '../../service/database-probe.js';

/** A database whose answers are given by hand, and a clock. */
function createByHand() {
  const asked: { answer: () => void; fail: () => void }[] = [];
  const clock = { ms: 0 };
  const answers = createDatabaseProbe({
    ask: () =>
      new Promise<void>((resolve, reject) => asked.push({ answer: resolve, fail: () => reject(new Error('away')) })),
    now: () => clock.ms,
    maxAgeMs: 1_000,
    timeoutMs: 20,
  });
  return { answers, asked, clock };
}

test('asks once for all who ask within a second of the answer', async () => {
  const { answers, asked, clock } = createByHand();
  const both = Promise.all([answers(), answers()]);
  asked[0]!.answer();
  expect(await both).toEqual([true, true]);
  clock.ms = 999;
  expect(await answers()).toBe(true);
  expect(asked).toHaveLength(1);
  clock.ms = 1_000;
  const later = answers();
  asked[1]!.fail();
  expect(await later).toBe(false);
  clock.ms = 2_000;
  const back = answers();
  asked[2]!.answer();
  expect(await back).toBe(true);
});

test('says no when there is no answer in time, and asks no second time before the first attempt has ended', async () => {
  const { answers, asked, clock } = createByHand();
  expect(await answers()).toBe(false);
  clock.ms = 10_000;
  expect(await answers()).toBe(false);
  expect(asked).toHaveLength(1);
  asked[0]!.answer();
  await new Promise(setImmediate);
  clock.ms = 11_000;
  const again = answers();
  asked[1]!.answer();
  expect(await again).toBe(true);
});
