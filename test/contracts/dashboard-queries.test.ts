import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packagePath } from '../../core/package-path.js';
import { ensureReader } from '../../core/postgres/ensure-reader.js';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { SOURCES } from '../../grafana/panels/sources.js';
import { isEmpty } from '../../grafana/preview/answer.js';
import { ask, openDashboard } from '../../grafana/preview/ask.js';
import type { DashboardFile } from '../../grafana/preview/dashboard-file.js';
import { createDatabase } from '../helpers/postgres.js';

// Every SQL query of the dashboards, asked as Grafana asks: with the login that can only read. The database is empty.
const folder = packagePath('grafana/dashboards');
const dashboards = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as DashboardFile);
const queries = dashboards.flatMap((dashboard) => [
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets
      .filter(({ datasource }) => datasource.uid === SOURCES.postgres.uid)
      .map((target) => ({ name: `${dashboard.title}: ${title}`, dashboard, target })),
  ),
  ...dashboard.annotations.list.map(({ name, target }) => ({ name: `${dashboard.title}: ${name}`, dashboard, target })),
]);

let database: Awaited<ReturnType<typeof createDatabase>>;
let reader: Pool;
beforeAll(async () => {
  database = await createDatabase();
  const login = { name: 'dashboard_reader', password: 'only for reading' };
  await ensureReader(database.pool, login);
  const url = Object.assign(new URL(database.url), { username: login.name, password: login.password });
  reader = createPool({ connectionString: url.toString(), applicationName: 'test', onError: () => undefined });
});
afterAll(async () => {
  await reader.end();
  await database.pool.query('drop owned by dashboard_reader');
  await database.drop();
});

test.each(queries)('$name: runs as the reader, before there is any model', async ({ dashboard, target }) => {
  const to = new Date();
  const view = await openDashboard(reader, dashboard, { from: new Date(to.getTime() - 3_600_000), to });
  expect(isEmpty(await ask({ prometheusUrl: '', db: reader }, target, view, 800))).toBe(true);
});

test('the reader cannot read model files: a query that did would have failed', async () => {
  await expect(reader.query('select 1 from artefacts')).rejects.toThrow('permission denied');
});
