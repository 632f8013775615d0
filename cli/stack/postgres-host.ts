import { type EmbeddedServer, startEmbeddedPostgres } from '../../core/postgres/embedded.js';
import { untilUnused } from '../../core/postgres/until-unused.js';

/** What `database.ts` asks of this process. */
export interface PostgresRequest {
  dataFolder: string;
  port: number;
  password: string;
}

/** What it answers: the server's address, or why there is none. */
export type PostgresReply = { url: string } | { error: string };

// Postgres lives in a process group of its own: Ctrl-C in the terminal must reach it after the processes that write
// to it, and it must end in good order even when "plumbline up" is killed.
const UNUSED_DEADLINE_MS = 10_000;
let server: EmbeddedServer | undefined;

process.once('message', (request: PostgresRequest) => {
  startEmbeddedPostgres(request).then(
    (started) => {
      server = started;
      if (process.connected) process.send?.({ url: started.url } satisfies PostgresReply);
      else void stop();
    },
    (error: Error) => {
      process.send?.({ error: error.message } satisfies PostgresReply);
      process.disconnect();
    },
  );
});
process.once('disconnect', () => void stop());

async function stop(): Promise<void> {
  if (server) {
    // When everything was told to end at once, those who still write go first.
    await untilUnused(server.url, UNUSED_DEADLINE_MS).catch(() => undefined);
    await server.stop();
  }
  process.exit(0);
}
