import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { startPath } from './fixture.js';

type Path = Awaited<ReturnType<typeof startPath>>;

let path: Path;
afterEach(() => path.close());

interface Sample {
  status: number;
  ms: number;
  retryAfter: string | null;
}

async function ask(rows: number): Promise<Sample> {
  const started = performance.now();
  const response = await path.send(rows);
  await response.text();
  return { status: response.status, ms: performance.now() - started, retryAfter: response.headers.get('retry-after') };
}

/** Sends requests at a steady rate whatever comes back. */
async function sendSteadily(options: { perSecond: number; seconds: number; rows: number }): Promise<Sample[]> {
  const { perSecond, seconds, rows } = options;
  const started = performance.now();
  const answers: Promise<Sample>[] = [];
  while (performance.now() - started < seconds * 1_000) {
    const due = ((performance.now() - started) / 1_000) * perSecond;
    while (answers.length < due) answers.push(ask(rows));
    await delay(5);
  }
  return Promise.all(answers);
}

/** A model that takes this long for a row, without taking the processor. */
const slowModel = (msPerRow: number) => (rows: number) => delay(rows * msPerRow);

test('at twice what it can do it answers what it can in bounded time, and refuses the rest at once', async () => {
  let busyMs = 0;
  const model = slowModel(5);
  const run = async (rows: number): Promise<void> => {
    const started = performance.now();
    await model(rows);
    busyMs += performance.now() - started;
  };
  path = await startPath({ run, sliceRows: 32, maxWaitMs: 200 });
  // It can do 200 rows a second, or a little less: timers are late.
  const samples = await sendSteadily({ perSecond: 400, seconds: 3, rows: 1 });
  const answered = samples.filter(({ status }) => status === 200);
  const refused = samples.filter(({ status }) => status === 503);
  expect(answered.length + refused.length).toBe(samples.length);
  expect(refused.map(({ retryAfter }) => retryAfter)).toEqual(refused.map(() => '1'));
  // At work nearly all the time; how nearly is a matter of the machine.
  expect(busyMs).toBeGreaterThan(1_500);
  expect(path.runs.reduce((sum, rows) => sum + rows, 0)).toBe(answered.length);
  expect(refused.length).toBeGreaterThan(300);
  // As the service measures it, for the clients here share its processor: those before it, the run under way and its
  // own make 520 ms at most. Without a bound the median would be half of the three seconds.
  const medianMs = median(path.captured.map(({ latencyUs }) => latencyUs / 1_000));
  expect(medianMs).toBeLessThan(1_200);
  expect((await meanSeconds('503')) * 1_000).toBeLessThan(medianMs / 2);
  expect([path.admission.waiting(), path.admission.waitMs()]).toEqual([0, 0]);
});

test('large requests without end do not keep small ones out, nor waiting for long', async () => {
  path = await startPath({ run: slowModel(0.2), sliceRows: 256, maxWaitMs: 500 });
  let running = true;
  const statuses: number[] = [];
  const large = Promise.all(
    Array.from({ length: 8 }, async () => {
      while (running) {
        const { status } = await ask(10_000);
        statuses.push(status);
        if (status !== 200) await delay(20);
      }
    }),
  );
  const small = await sendSteadily({ perSecond: 20, seconds: 3, rows: 1 });
  running = false;
  await large;
  expect(small.map(({ status }) => status)).toEqual(small.map(() => 200));
  // A large request alone takes two seconds; a run of 256 rows takes 51 ms.
  expect(median(small.map(({ ms }) => ms))).toBeLessThan(1_000);
  expect(statuses).toContain(503);
  expect(statuses).toContain(200);
}, 60_000);

/** How long the service took for answers of a status, on average. */
async function meanSeconds(status: string): Promise<number> {
  const text = await path.metrics();
  const read = (what: string): number =>
    Number(
      new RegExp(`^http_request_duration_seconds_${what}\\{.*status_code="${status}"\\} (.*)$`, 'm').exec(text)?.[1],
    );
  return read('sum') / read('count');
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
