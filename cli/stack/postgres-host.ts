import { setTimeout as delay } from 'node:timers/promises';
import { type EmbeddedServer, startEmbeddedPostgres } from '../../core/postgres/embedded.js';
import { untilUnused } from '../../core/postgres/until-unused.js';
import { untilServerGone } from '../../core/postgres/watch-server.js';

/** What `database.ts` asks of this process. */
export interface PostgresRequest {
  dataFolder: string;
  port: number;
  password: string;
}

/** What it answers: the server's address, or why there is none. */
export type PostgresReply = { url: string } | { error: string };

/** What it tells later: something a person should know. */
export interface PostgresNews {
  say: string;
}

// Postgres lives in a process group of its own: Ctrl-C in the terminal must reach it after the processes that write
// to it, and it must end in good order even when "plumbline up" is killed.
const UNUSED_DEADLINE_MS = 10_000;
const RESTARTS = 20;
const RESTART_PAUSE_MS = 1_000;
const stopping = new AbortController();
let server: EmbeddedServer | undefined;

process.once('message', (request: PostgresRequest) => void host(request));
process.once('disconnect', () => void stop());

/** Starts the server, and again whenever it is gone: a killed one recovers from its log, so nothing that was committed is lost. */
async function host(request: PostgresRequest): Promise<void> {
  try {
    server = await startEmbeddedPostgres(request);
  } catch (error) {
    process.send?.({ error: (error as Error).message } satisfies PostgresReply);
    process.disconnect();
    return;
  }
  process.send?.({ url: server.url } satisfies PostgresReply);
  while (!stopping.signal.aborted) {
    await untilServerGone(server.url, stopping.signal);
    if (!stopping.signal.aborted) server = await startAgain(request);
  }
}

async function startAgain(request: PostgresRequest): Promise<EmbeddedServer> {
  tell('Postgres is gone, starting it again');
  for (let attempt = 1; ; attempt++) {
    try {
      const started = await startEmbeddedPostgres(request);
      tell('Postgres runs again');
      return started;
    } catch (error) {
      tell((error as Error).message);
      if (attempt === RESTARTS) process.exit(1);
      await delay(RESTART_PAUSE_MS);
    }
  }
}

function tell(say: string): void {
  if (process.connected) process.send?.({ say } satisfies PostgresNews);
}

async function stop(): Promise<void> {
  stopping.abort();
  if (server) {
    // When everything was told to end at once, those who still write go first.
    await untilUnused(server.url, UNUSED_DEADLINE_MS).catch(() => undefined);
    await server.stop();
  }
  process.exit(0);
}
