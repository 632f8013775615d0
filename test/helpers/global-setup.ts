import { startTestPostgres } from './postgres.js';

/** One real Postgres for the whole run, of both projects: DATABASE_URL of a server if given, else the embedded one. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.TEST_SERVER_URL) return async () => undefined;
  const server = await startTestPostgres();
  process.env.TEST_SERVER_URL = server.url;
  return server.stop;
}
