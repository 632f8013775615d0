import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Monitoring } from '../../core/manifest/manifest.js';
import { withTransaction } from '../../core/postgres/pool.js';
import { createRandom } from '../../core/random.js';
import { loadChampion, promoteVersion } from '../../core/registry/versions.js';
import { runPass } from '../../monitor/run.js';
import { loadWindows } from '../../monitor/verdicts/stored.js';
import { createDatabase } from '../helpers/postgres.js';
import { addChampion, drawRows, NOON, spread, storeBatch, testManifest, testMonitor } from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** A model at minutes since noon: version 1 first, a version 2 beside it from `replace` on. */
async function start(name: string, monitoring: Partial<Monitoring>, seed: number) {
  const { pool } = database;
  const manifest = testManifest(name, monitoring);
  await addChampion(pool, manifest);
  const { monitor, registry, setTime } = testMonitor(pool);
  const random = createRandom(seed);
  const datePromotion = async (minute: number) => {
    await pool.query(
      `update promotions set promoted_at = to_timestamp($2)
        where promotion_id = (select max(promotion_id) from promotions where model_name = $1)`,
      [name, NOON + minute * 60],
    );
  };
  await datePromotion(0);
  return {
    registry,
    rows: async (modelVersion: number, minute: number, count: number, shift = 0) => {
      const rows = drawRows(random, count, shift);
      await storeBatch(pool, { modelName: name, modelVersion }, { at: spread(NOON + minute * 60, 60, count), rows });
    },
    pass: async (minute: number) => {
      setTime(NOON + minute * 60 + 6);
      expect(await runPass(monitor)).toEqual([]);
    },
    replace: async (minute: number) => {
      await addChampion(pool, manifest);
      await datePromotion(minute);
    },
    bringBack: async (minute: number) => {
      const expectedChampion = (await loadChampion(pool, name))!.modelVersion;
      const decision = { decidedBy: 'test', reason: 'in a test' };
      await withTransaction(pool, (client) =>
        promoteVersion(client, { modelName: name, toVersion: 1, expectedChampion, ...decision }),
      );
      await datePromotion(minute);
    },
    /** [start in minutes since noon, minutes, rows, verdict] of version 1, oldest first. */
    windows: async () =>
      (await loadWindows(pool, { modelName: name, modelVersion: 1, limit: 1_000 }))
        .reverse()
        .map((w) => [
          (w.windowStart.getTime() / 1_000 - NOON) / 60,
          (w.windowEnd.getTime() - w.windowStart.getTime()) / 60_000,
          w.rowCount,
          w.verdict,
        ]),
  };
}

describe('a version that returns as champion', () => {
  test('has no windows over its absence, and its verdicts of before confirm nothing', async () => {
    const model = await start('absent', { window: { minutes: 3 } }, 61);
    await model.rows(1, 1, 300);
    await model.rows(1, 4, 300, 1);
    await model.pass(6);
    await model.replace(6);
    await model.bringBack(601);
    await model.pass(602);
    await model.rows(1, 601, 300, 1);
    await model.rows(1, 603, 300, 1);
    await model.pass(606);
    expect(await model.windows()).toEqual([
      [0, 3, 300, 'ok'],
      [3, 3, 300, 'warning'],
      // From the return to the next multiple of three minutes, which is shorter.
      [601, 2, 300, 'warning'],
      [603, 3, 300, 'drift'],
    ]);
  });

  test('has no row window of rows before and after its absence', async () => {
    const model = await start('rows', { window: { rows: 300 } }, 62);
    await model.rows(1, 0, 300);
    await model.rows(1, 1, 200);
    await model.pass(3);
    await model.replace(3);
    await model.bringBack(100);
    await model.rows(1, 100, 200);
    await model.pass(102);
    expect(await model.windows()).toEqual([[0, 1, 300, 'ok']]);
    await model.rows(1, 102, 100);
    await model.pass(104);
    expect(await model.windows()).toEqual([
      [0, 1, 300, 'ok'],
      [100, 3, 300, 'ok'],
    ]);
  });

  test('does not export its last window of before as if it were new', async () => {
    const model = await start('stale', { window: { rows: 300 }, confirm: [1, 1] }, 63);
    await model.rows(1, 0, 300, 1);
    await model.pass(1);
    const drifted = 'drift_verdict{model_name="stale",model_version="1",kind="feature",verdict="drift"} 1\n';
    expect(await model.registry.metrics()).toContain(drifted);
    await model.replace(2);
    await model.bringBack(50);
    await model.pass(51);
    const lines = (await model.registry.metrics()).split('\n').filter((line) => line.includes('model_name="stale"'));
    // What was frozen with it is as true as ever, and so is what its manifest asks.
    expect(lines.filter((line) => !line.includes('source="reference"') && !line.includes('_threshold{'))).toEqual([]);
    await model.rows(1, 52, 300, 1);
    await model.pass(53);
    expect(await model.registry.metrics()).toContain(drifted);
  });

  test('gets the windows that closed in down-time before and after its absence', async () => {
    const model = await start('down', { window: { rows: 300 } }, 64);
    await model.rows(1, 0, 300);
    await model.rows(1, 1, 300);
    await model.replace(2);
    await model.bringBack(50);
    await model.rows(1, 51, 300);
    await model.pass(53);
    expect(await model.windows()).toEqual([
      [0, 1, 300, 'ok'],
      [1, 1, 300, 'ok'],
      [50, 2, 300, 'ok'],
    ]);
  });
});

describe('a retired version', () => {
  test('is watched until its last full window has closed, though its rows are summarised before', async () => {
    const model = await start('last', { window: { minutes: 3 } }, 65);
    for (const minute of [0, 1, 2]) await model.rows(1, minute, 100);
    await model.replace(2.9);
    await model.pass(2.8);
    expect(await model.windows()).toEqual([]);
    await model.pass(3);
    expect(await model.windows()).toEqual([[0, 3, 300, 'ok']]);
  });

  test('gets no windows over the time after its last rows', async () => {
    const model = await start('gone', { window: { minutes: 3 } }, 66);
    for (const minute of [0, 1, 2, 3]) await model.rows(1, minute, 100);
    await model.pass(4);
    await model.replace(4);
    await model.pass(60);
    expect(await model.windows()).toEqual([[0, 3, 300, 'ok']]);
  });
});
