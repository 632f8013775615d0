import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';

/*
 * Each process has a sub-folder of its own below the spool folder. A socket in it, on which the process listens, says
 * that it lives: the kernel closes it the moment the process dies, and unlike a process id it is never used again.
 * The folder's name says on which machine, since its last start, such a socket means anything. Nothing here writes
 * data: it has to work on a full disk, for what fills the disk may be the spool.
 */

const SOCKET = 'alive';

/** A process's own sub-folder. */
export interface ClaimedFolder {
  path: string;
  /** Gives it up: removed when it is empty, else left to be adopted. */
  release(): Promise<void>;
}

/**
 * Makes a sub-folder for the spool `id` and marks it as this process's. It gets its name only once the mark is there,
 * so no other process can take it for a dead one's.
 * @throws Error  the file system says no
 */
export async function claimFolder(root: string, id: string): Promise<ClaimedFolder> {
  const { host, boot } = await thisMachine();
  const path = join(root, `${id}.${boot}.${host}`);
  const hidden = join(root, `.${id}`);
  let folder: FileHandle | undefined;
  let server: Server | undefined;
  try {
    await mkdir(hidden, { recursive: true, mode: 0o700 });
    folder = await open(hidden, 'r');
    server = await listenOn(shortPath(folder, hidden));
    await rename(hidden, path);
  } catch (error) {
    server?.close();
    await folder?.close();
    await rm(hidden, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
  const held = { server, folder };
  return {
    path,
    release: async () => {
      await new Promise((done) => held.server.close(done));
      await held.folder.close();
      await removeFolder(path);
    },
  };
}

/**
 * The sub-folders whose process is dead, in the order they were made. `foreign` are those of other machines, where
 * nobody here can tell. A machine of the same name that was started anew has no processes of before.
 */
export async function listDeadFolders(root: string, own: string): Promise<{ dead: string[]; foreign: string[] }> {
  const entries = await readdir(root, { withFileTypes: true });
  const here = await thisMachine();
  const dead: string[] = [];
  const foreign: string[] = [];
  for (const { name } of entries.filter((entry) => entry.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(root, name);
    if (name.startsWith('.') || path === own) continue;
    const [, boot, host] = name.split('.');
    if (boot === here.boot ? !(await answers(path)) : host === here.host) dead.push(path);
    else if (boot !== here.boot) foreign.push(path);
  }
  return { dead, foreign };
}

/** Removes a sub-folder and its socket when no segment, and nothing set aside, is in it. */
export async function removeFolder(path: string): Promise<void> {
  const names = await readdir(path).catch(() => [] as string[]);
  if (names.some((name) => name !== SOCKET)) return;
  await rm(join(path, SOCKET), { force: true });
  await rmdir(path).catch(() => undefined);
}

/** What tells machines and their starts apart, short: Linux names each boot. Containers of one machine share its boot. */
async function thisMachine(): Promise<{ host: string; boot: string }> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return { host: shortHash(hostname()), boot: shortHash(boot.trim()) };
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** The path of a folder's socket. Socket paths end at about a hundred bytes; on Linux a way through an open folder is shorter. */
function shortPath(folder: FileHandle, path: string): string {
  return process.platform === 'linux' ? `/proc/self/fd/${folder.fd}/${SOCKET}` : join(path, SOCKET);
}

function listenOn(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    // Exclusive: in a cluster the worker itself must hold it, not the primary.
    server.listen({ path, exclusive: true }, () => {
      server.off('error', reject);
      server.on('error', () => undefined);
      server.unref();
      resolve(server);
    });
  });
}

/** Whether the process of a folder lives. */
async function answers(path: string): Promise<boolean> {
  const folder = await open(path, 'r');
  try {
    return await new Promise((resolve) => {
      const socket = connect(shortPath(folder, path));
      const end = (alive: boolean): void => {
        socket.destroy();
        resolve(alive);
      };
      socket.once('connect', () => end(true));
      // Only these two say that nobody listens; anything else (a full backlog, no permission) may be a live process.
      socket.once('error', ({ code }: NodeJS.ErrnoException) => end(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
    });
  } finally {
    await folder.close();
  }
}
