import { afterAll, beforeAll } from 'vitest';
import type { Pool } from '../../../core/postgres/pool.js';
import { createDatabase } from '../../helpers/postgres.js';
import { ADDING_MODELS_MS, addModels, serveMonitor, TOKEN } from '../console/fixture.js';

/** A monitor over models in every state, to be asked for reports. */
export interface ReportServer {
  readonly pool: Pool;
  /** Asks for `path` below /v1/models/. */
  ask(path: string): Promise<Response>;
  /** The report at `path`, as its JSON. */
  report<T>(path: string): Promise<T>;
}

/** Starts the monitor before the tests of a file and ends it after them. */
export function serveReports(): ReportServer {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let monitor: Awaited<ReturnType<typeof serveMonitor>>;
  beforeAll(async () => {
    database = await createDatabase();
    await addModels(database.pool);
    monitor = await serveMonitor(database.pool);
  }, ADDING_MODELS_MS);
  afterAll(async () => {
    await monitor.close();
    await database.drop();
  });
  const ask = (path: string): Promise<Response> =>
    fetch(`${monitor.url}/v1/models/${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
  return {
    get pool() {
      return database.pool;
    },
    ask,
    report: async <T>(path: string) => (await (await ask(path)).json()) as T,
  };
}

/** The text of the cells of each row of the table with this caption. */
export function rowsOf(page: string, caption: string): string[][] {
  const table = page.split('<table>').find((part) => part.startsWith(`<caption>${caption}`))!;
  const cells = (row: string): string[] =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map((m) => m[1]!.replaceAll(/<[^>]*>/g, ''));
  return table.split('</table>')[0]!.split('<tr>').slice(2).map(cells);
}
