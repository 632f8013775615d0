import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const ATTEMPTS = 12;
const PAUSE_MS = 250;

/** Holds a connection to a server for as long as it answers. @returns when it has not answered for some seconds, or `signal` was aborted */
export async function untilServerGone(serverUrl: string, signal: AbortSignal): Promise<void> {
  for (let failures = 0; failures < ATTEMPTS && !signal.aborted; ) {
    const client = new pg.Client({
      connectionString: serverUrl,
      application_name: WATCHER,
      connectionTimeoutMillis: 5_000,
    });
    const lost = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.on('end', () => resolve());
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    try {
      await client.connect();
      failures = 0;
      await lost;
    } catch {
      failures++;
    }
    await client.end().catch(() => undefined);
    // A server that restarts after the crash of one of its processes answers again in a moment.
    await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Name of the watching connection: no reason to keep a server running. */
export const WATCHER = 'plumbline-postgres-watch';
