import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { WATCHER } from './watch-server.js';

/** Waits until nobody but this connection uses a server, or until the deadline. */
export async function untilUnused(serverUrl: string, deadlineMs: number): Promise<void> {
  const end = Date.now() + deadlineMs;
  const client = new pg.Client(serverUrl);
  await client.connect();
  try {
    while (Date.now() < end) {
      const { rows } = await client.query(
        `select count(*)::int as n from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
           and application_name <> $1`,
        [WATCHER],
      );
      if (rows[0].n === 0) return;
      await delay(50);
    }
  } finally {
    await client.end();
  }
}
