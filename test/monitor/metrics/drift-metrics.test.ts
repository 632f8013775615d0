import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { runPass } from '../../../monitor/run.js';
import { STATISTIC_NAMES } from '../../../monitor/verdicts/statistic-names.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addChampion, drawRows, NOON, spread, storeBatch, testManifest, testMonitor } from '../fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** Series of the drift gauges, without help and type lines, in the order they are exported. */
function series(text: string): string[] {
  return text.split('\n').filter((line) => /^(feature_drift|prediction_drift|drift_verdict|monitor_window)/.test(line));
}

const model = 'model_name="gauged",model_version="1"';

test('nothing decided: no series, not zeros', async () => {
  await addChampion(database.pool, testManifest('gauged', { confirm: [1, 1] }));
  const { monitor, registry, setTime } = testMonitor(database.pool);
  setTime(NOON);
  await runPass(monitor);
  expect(series(await registry.metrics())).toEqual([]);
});

test('exports the stored verdicts of the champion, digit by digit', async () => {
  const version = { modelName: 'gauged', modelVersion: 1 };
  await storeBatch(database.pool, version, { at: spread(NOON, 60, 300), rows: drawRows(createRandom(41), 300, 1) });
  const { monitor, registry, setTime } = testMonitor(database.pool);
  setTime(NOON + 70);
  await runPass(monitor);
  const { rows } = await database.pool.query(`select * from verdicts where model_name = 'gauged'`);
  const of = (subject: string) => rows.find((row) => row.subject === subject);
  const statistics = (kind: string, label: string, subjects: string[]) => {
    const ordered = subjects.filter((subject) => of(subject).ks_statistic !== null);
    const line = (name: string, subject: string, value: number): string =>
      `${kind}_drift_${name}{${model},${label}="${subject}"} ${value}`;
    const decided = Object.entries(STATISTIC_NAMES).flatMap(([method, name]) => {
      const found = subjects.flatMap((subject) => {
        const effect = of(subject).statistics.find((each: { method: string }) => each.method === method);
        return effect ? [{ subject, effect }] : [];
      });
      return [
        ...found.map(({ subject, effect }) => line(name, subject, effect.value)),
        ...found.map(({ subject, effect }) => line(`${name}_threshold`, subject, effect.threshold)),
      ];
    });
    return [
      ...decided,
      ...subjects.map((s) => line('psi_null_band', s, of(s).psi_null_band)),
      ...ordered.map((s) => line('ks_critical_value', s, of(s).ks_critical_value)),
      ...subjects.map((s) => line('verdict', s, s === 'alcohol' ? 1 : 0)),
    ];
  };
  const enumOf = (kind: string, holds: string) =>
    ['ok', 'warning', 'drift', 'insufficient-data'].map(
      (verdict) => `drift_verdict{${model},kind="${kind}",verdict="${verdict}"} ${verdict === holds ? 1 : 0}`,
    );
  expect(series(await registry.metrics())).toEqual([
    ...statistics('feature', 'feature', ['alcohol', 'colour', 'sugar']),
    ...statistics('prediction', 'subject', ['class', 'score']),
    ...enumOf('feature', 'drift'),
    ...enumOf('prediction', 'ok'),
    `monitor_window_rows{${model}} 300`,
    `monitor_window_rows_threshold{${model}} 200`,
  ]);
});

test('a monitor that has just started exports the same', async () => {
  const [first, second] = [testMonitor(database.pool), testMonitor(database.pool)];
  for (const { monitor, setTime } of [first, second]) {
    setTime(NOON + 70);
    await runPass(monitor);
  }
  const text = series(await first.registry.metrics());
  expect(text.length).toBeGreaterThan(20);
  expect(series(await second.registry.metrics())).toEqual(text);
});

test('too few rows: the verdict is exported, statistics are absent', async () => {
  await addChampion(database.pool, testManifest('short', { window: { minutes: 1 } }));
  const version = { modelName: 'short', modelVersion: 1 };
  await storeBatch(database.pool, version, { at: spread(NOON, 60, 20), rows: drawRows(createRandom(42), 20) });
  const { monitor, registry, setTime } = testMonitor(database.pool);
  setTime(NOON + 70);
  await runPass(monitor);
  const text = series(await registry.metrics()).filter((line) => line.includes('"short"'));
  expect(text).toHaveLength(10);
  expect(text).toContain(
    'drift_verdict{model_name="short",model_version="1",kind="feature",verdict="insufficient-data"} 1',
  );
  expect(text).toContain('monitor_window_rows{model_name="short",model_version="1"} 20');
});

test('the series of a version that is no longer the champion go', async () => {
  const { monitor, registry, setTime } = testMonitor(database.pool);
  setTime(NOON + 70);
  await runPass(monitor);
  expect(await registry.metrics()).toContain(model);
  await addChampion(database.pool, testManifest('gauged'));
  await runPass(monitor);
  expect(await registry.metrics()).not.toContain(model);
});
