import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../../core/http/free-port.js';
import { compiledPath } from '../../core/package-path.js';
import { createDatabaseIfAbsent } from '../../core/postgres/create-database.js';
import type { PostgresNews, PostgresReply, PostgresRequest } from './postgres-host.js';

/** The database of a stack. */
export interface StackDatabase {
  url: string;
  stop(): Promise<void>;
}

/** Uses the given database, or starts the embedded Postgres on the home folder's data. @throws Error that says why it did not start */
export async function startDatabase(options: {
  databaseUrl: string | undefined;
  home: string;
  port: number;
  password: string;
  say: (line: string) => void;
}): Promise<StackDatabase> {
  if (options.databaseUrl) return { url: options.databaseUrl, stop: async () => undefined };
  const host = fork(compiledPath('cli/stack/postgres-host.js'), [], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const request: PostgresRequest = {
    dataFolder: join(options.home, 'postgres'),
    port: options.port || (await freePort()),
    password: options.password,
  };
  host.send(request);
  const stop = async (): Promise<void> => {
    if (host.exitCode !== null || host.signalCode !== null) return;
    const ended = once(host, 'exit');
    if (host.connected) host.disconnect();
    await ended;
  };
  try {
    const url = await firstReply(host);
    host.on('message', (news: PostgresNews) => options.say(news.say));
    host.once('exit', (code) => {
      if (code !== 0) options.say('the process that hosts Postgres has ended; stop plumbline and start it again');
    });
    return { url: await createDatabaseIfAbsent(url, 'plumbline').catch(explain(options.home)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const INVALID_PASSWORD = '28P01';

function explain(home: string): (error: { code?: string }) => never {
  return (error) => {
    if (error.code !== INVALID_PASSWORD) throw error;
    throw new Error(
      `the password in ${home}/secrets.json is not that of the database in ${home}/postgres; put the file back, or move ${home} away to start anew`,
      { cause: error },
    );
  };
}

async function firstReply(host: ChildProcess): Promise<string> {
  const reply = await Promise.race([
    once(host, 'message').then(([message]) => message as PostgresReply),
    once(host, 'exit').then((): PostgresReply => ({ error: 'the process of the embedded Postgres ended at once' })),
  ]);
  if ('url' in reply) return reply.url;
  throw new Error(reply.error, { cause: 'postgres' });
}
