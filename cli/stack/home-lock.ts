import { createHash } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Predictions and secrets lie here. Where root starts it, the user that runs Postgres has to pass through.
const FOLDER_MODE = process.getuid?.() === 0 ? 0o711 : 0o700;

// A socket is the lock: the system lets go of it when its process ends, however it ends. A file with a process id
// would name a stranger after a restart of the machine or of a container.

/**
 * Takes a home folder for this process, so that two never run on the same data.
 * @returns what lets go of it
 * @throws Error that names the process which holds it
 */
export async function lockHome(home: string): Promise<() => Promise<void>> {
  await mkdir(home, { recursive: true, mode: FOLDER_MODE }).catch((error: Error) => {
    throw new Error(`cannot write to ${home}: ${error.message}`, { cause: error });
  });
  const path = await socketPath(home);
  const holder = await findHolder(home);
  if (holder !== undefined) {
    throw new Error(
      `plumbline already runs from ${home} (process ${holder}); stop it, or set PLUMBLINE_HOME to another folder`,
      { cause: 'lock' },
    );
  }
  if (process.platform !== 'win32') await rm(path, { force: true });
  const server = createServer((socket) => socket.end(String(process.pid)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`cannot take ${path}: ${error.message}`, { cause: error })));
    server.listen(path, resolve);
  });
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** Process id of the `plumbline up` that holds a home folder; undefined when none does. */
export async function findHolder(home: string): Promise<number | undefined> {
  const path = await socketPath(home).catch(() => undefined);
  if (path === undefined) return undefined;
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(path);
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(text === '' ? undefined : Number(text)));
  });
}

/** In the folder for temporary files: the path of a socket may have about 100 characters at most. */
async function socketPath(home: string): Promise<string> {
  const name = `plumbline-${createHash('sha256')
    .update(await realpath(home))
    .digest('hex')
    .slice(0, 16)}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}
