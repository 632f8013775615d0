import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Monitoring } from '../../../core/manifest/manifest.js';
import { createRandom } from '../../../core/random.js';
import { runPass } from '../../../monitor/run.js';
import { loadWindows } from '../../../monitor/verdicts/stored.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addChampion, drawRows, spread, storeBatch, testManifest, testMonitor } from '../fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** Midnight in Berlin, a Monday; a day before the clocks are put forward there on Sunday the 29th. */
const SATURDAY = Date.parse('2026-03-28T00:00:00+01:00') / 1_000;

/** Traffic by hour from Saturday on; `shift` by hour. Passes run after the hours that `passes` names, and at the end. */
async function play(
  name: string,
  monitoring: Partial<Monitoring>,
  shifts: number[],
  passes: (hour: number) => boolean,
) {
  const version = await addChampion(database.pool, testManifest(name, monitoring));
  const { monitor, setTime } = testMonitor(database.pool);
  const random = createRandom(5);
  for (const [hour, shift] of shifts.entries()) {
    const start = SATURDAY + hour * HOUR;
    await storeBatch(database.pool, version, { at: spread(start, HOUR, 300), rows: drawRows(random, 300, shift) });
    setTime(start + HOUR + 6);
    if (passes(hour) || hour === shifts.length - 1) expect(await runPass(monitor)).toEqual([]);
  }
  return async (windowName: string, segment = '') => {
    const windows = await loadWindows(database.pool, { modelName: name, windowName, segment, limit: 1_000 });
    return windows.reverse();
  };
}

const hours = (count: number, shift: (hour: number) => number = () => 0): number[] =>
  Array.from({ length: count }, (_, hour) => shift(hour));

const watched: Partial<Monitoring> = {
  window: { minutes: 60 },
  windows: [
    { name: 'berlin-day', calendar: 'day', timeZone: 'Europe/Berlin' },
    { name: 'rows', rows: 1_000 },
    { name: 'like-yesterday', minutes: 60, compareWith: 'day-before', timeZone: 'Europe/Berlin' },
  ],
};

test('an hour, a local day and a number of rows are counted from the same summaries', async () => {
  const load = await play('named', watched, hours(72), () => false);
  expect((await load('default')).map((w) => w.rowCount)).toEqual(hours(72, () => 300));
  const days = await load('berlin-day');
  // Saturday, and Sunday of 23 hours.
  expect(days.map((w) => [w.windowStart.getTime() / 1_000 - SATURDAY, w.rowCount])).toEqual([
    [0, 24 * 300],
    [DAY, 23 * 300],
    [DAY + 23 * HOUR, 24 * 300],
  ]);
  const byRows = await load('rows');
  expect(byRows.every((w) => w.rowCount >= 1_000 && w.rowCount < 1_010)).toBe(true);
  expect(byRows.reduce((sum, w) => sum + w.rowCount, 0)).toBeGreaterThan(72 * 300 - 1_010);
});

test('after down-time every series is what it would have been', async () => {
  const shifts = hours(30, (hour) => (hour >= 26 ? 1 : 0));
  const inTime = await play('in-time', watched, shifts, () => true);
  const late = await play('late', watched, shifts, () => false);
  for (const name of ['default', 'berlin-day', 'rows', 'like-yesterday']) {
    const said = async (load: typeof late) =>
      (await load(name)).map(({ modelName: _, decidedAt: __, ...window }) => window);
    expect((await said(late)).length).toBeGreaterThan(0);
    expect(await said(late)).toEqual(await said(inTime));
  }
});

test('compared with the day before, a daily rhythm is no drift, and a change of the rhythm is', async () => {
  // By the clock, though Sunday has no third hour.
  const clock = (hour: number): number => (hour + (hour >= 26 ? 1 : 0)) % 24;
  const rhythm = (hour: number): number => (clock(hour) >= 12 ? 1 : 0);
  const load = await play(
    'rhythm',
    watched,
    hours(95, (h) => (h === 93 || h === 94 ? 2.5 : rhythm(h))),
    () => false,
  );
  const frozen = await load('default');
  expect(frozen.slice(14, 20).every((w) => w.verdict === 'drift')).toBe(true);
  const daily = await load('like-yesterday');
  expect(daily.slice(0, 24).every((w) => w.verdict === 'insufficient-data')).toBe(true);
  expect(daily[0]!.subjects[0]!.reason).toContain('0 rows to compare with are too few');
  expect(daily.slice(24, 93).filter((w) => w.verdict === 'drift')).toEqual([]);
  expect(daily.at(-1)!.verdict).toBe('drift');
});

test('a segment is watched on its own: drift in one colour is told of that colour', async () => {
  const manifest = testManifest('segments', {
    window: { minutes: 60 },
    segments: [
      { feature: 'colour', values: ['red', 'white'] },
      { feature: 'alcohol', edges: [10] },
    ],
  });
  const version = await addChampion(database.pool, manifest);
  const { monitor, setTime } = testMonitor(database.pool);
  const random = createRandom(8);
  for (let hour = 0; hour < 3; hour++) {
    const rows = drawRows(random, 3_000).map((row) => (row.colour === 'red' ? { ...row, sugar: row.sugar! * 4 } : row));
    await storeBatch(database.pool, version, { at: spread(SATURDAY + hour * HOUR, HOUR, 3_000), rows });
  }
  setTime(SATURDAY + 3 * HOUR + 6);
  await runPass(monitor);
  const of = async (segment: string) =>
    (await loadWindows(database.pool, { modelName: 'segments', segment, limit: 10 }))[0]!;
  const all = await of('');
  const parts = await Promise.all(
    ['colour=red', 'colour=white', 'alcohol=[-inf,10)', 'alcohol=[10,inf)'].map((segment) => of(segment)),
  );
  expect(
    parts
      .map((w) => w.rowCount)
      .slice(0, 2)
      .reduce((a, b) => a + b),
  ).toBe(all.rowCount);
  expect(
    parts
      .map((w) => w.rowCount)
      .slice(2)
      .reduce((a, b) => a + b),
  ).toBe(all.rowCount);
  const sugar = (w: typeof all) => w.subjects.find((s) => s.subject === 'sugar')!;
  expect(sugar(parts[0]!).verdict).toBe('drift');
  expect(parts[0]!.subjects.filter((s) => s.verdict !== 'ok').map((s) => s.subject)).toEqual(['sugar']);
  for (const part of [parts[1]!]) expect(part.verdict).toBe('ok');
  expect(sugar(parts[0]!).psi!).toBeGreaterThan(3 * sugar(all).psi!);
});
