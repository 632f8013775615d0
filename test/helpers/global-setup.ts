import { startTestPostgres } from './postgres.js';

/** One real Postgres for the whole run: DATABASE_URL of a server if given, else the embedded one. */
export default async function setup(): Promise<() => Promise<void>> {
  const server = await startTestPostgres();
  process.env.TEST_SERVER_URL = server.url;
  return server.stop;
}
