import { afterAll, beforeAll, expect, test } from 'vitest';
import { askPostgres } from '../../grafana/preview/ask-postgres.js';
import type { Target } from '../../grafana/preview/dashboard-file.js';
import type { View } from '../../grafana/preview/view.js';
import { distribution } from '../../grafana/queries/distribution.js';
import { createDatabase } from '../helpers/postgres.js';

const DIGEST = `sha256:${'0'.repeat(64)}`;
// Cells in order: size has five bins in three coarse ones, the third around the value 5, and missing; colour has two
// categories, unseen and missing.
const PROFILE = {
  rows: 100,
  subjects: [
    {
      kind: 'feature',
      name: 'size',
      edges: [1, 2, 4.999_99, 5.000_01],
      coarse: [0, 0, 1, 2, 3],
      counts: [10, 20, 30, 20, 10, 10],
    },
    { kind: 'feature', name: 'colour', categories: ['red', 'blue'], counts: [60, 40, 0, 0] },
    { kind: 'prediction', name: 'class', categories: ['good', 'bad'], counts: [50, 50, 0, 0] },
  ],
};
const view: View = {
  from: new Date('2026-01-15T10:00:00Z'),
  to: new Date('2026-01-15T14:00:00Z'),
  variables: new Map([
    ['model', ['small']],
    ['version', ['1']],
  ]),
};

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
  const { pool } = database;
  await pool.query("insert into artefacts (digest, size_bytes, content) values ($1, 0, '')", [DIGEST]);
  await pool.query("insert into models (model_name) values ('small')");
  await pool.query(
    `insert into model_versions (model_name, model_version, state, manifest, model_digest, reference_digest, reference_profile)
     values ('small', 1, 'champion', '{}', $1, $1, $2)`,
    [DIGEST, JSON.stringify(PROFILE)],
  );
  await pool.query(
    `insert into drift_windows (model_name, model_version, window_start, window_end, row_count, verdict, decided_at)
     values ('small', 1, '2026-01-15 11:30Z', '2026-01-15 13:00Z', 10, 'ok', now())`,
  );
  // The hour from 12:00 stands in its minute and again in the hour; 11:00 is before the window.
  const one = [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];
  const nine = [0, 0, 0, 6, 0, 3, 0, 0, 9, 0, 9, 0, 0, 0];
  const far = new Array<number>(14).fill(1_000);
  for (const [seconds, start, counts] of [
    [60, '11:00', far],
    [3_600, '11:00', far],
    [60, '11:45', one],
    [60, '12:10', nine],
    [3_600, '12:00', nine],
    [60, '13:00', far],
  ] as const) {
    await pool.query(
      `insert into summaries (model_name, model_version, bucket_seconds, bucket_start, row_count, counts)
       values ('small', 1, $1, $2, 10, $3)`,
      [seconds, `2026-01-15 ${start}Z`, counts],
    );
  }
});
afterAll(() => database.drop());

async function rowsOf(condition: string): Promise<unknown[][]> {
  const target = { refId: 'A', datasource: { uid: 'postgres' }, rawSql: distribution(condition), format: 'table' };
  const answer = await askPostgres(database.pool, target satisfies Target, view, 100);
  return answer.kind === 'table' ? answer.rows : [];
}

test('shares of a number by the intervals of PSI, each row of the window once', async () => {
  expect(await rowsOf("subject ->> 'name' = 'size'")).toEqual([
    ['< 2', 0.3, 0.1],
    ['≥ 2', 0.3, 0],
    ['5', 0.2, 0.6],
    ['≥ 5', 0.1, 0],
    ['missing', 0.1, 0.3],
  ]);
});

test('shares of categories, with those that the reference does not have', async () => {
  expect(await rowsOf("subject ->> 'name' = 'colour'")).toEqual([
    ['red', 0.6, 0.1],
    ['blue', 0.4, 0],
    ['unseen', 0, 0.9],
  ]);
});

test('without a window there is the reference alone', async () => {
  await database.pool.query('delete from drift_windows');
  const rows = await rowsOf("subject ->> 'kind' = 'prediction'");
  expect(rows).toEqual([
    ['good', 0.5, null],
    ['bad', 0.5, null],
  ]);
});
