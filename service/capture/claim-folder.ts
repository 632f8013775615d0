import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';

/*
 * Each process has a sub-folder of its own below the spool folder. A socket in it, on which the process listens, says
 * that it lives: the kernel closes it the moment the process dies, and unlike a process id it is never used again.
 */

const SOCKET = 'alive';
const OWNER = 'owner.json';
// 108 bytes on Linux, 104 on macOS, the closing zero counted.
const LONGEST_SOCKET_PATH = 103;

/** A process's own sub-folder. */
export interface ClaimedFolder {
  path: string;
  /** Gives it up: removed when it is empty, else left to be adopted. */
  release(): Promise<void>;
}

/**
 * Makes a sub-folder named `id` and marks it as this process's. It gets its name only once the mark is there, so no
 * other process can take it for a dead one's.
 * @throws Error  the path is too long for a socket, or the file system says no
 */
export async function claimFolder(root: string, id: string): Promise<ClaimedFolder> {
  const path = join(root, id);
  const hidden = join(root, `.${id}`);
  if (Buffer.byteLength(join(hidden, SOCKET)) > LONGEST_SOCKET_PATH) {
    throw new Error(
      `${hidden} is too long by ${Buffer.byteLength(join(hidden, SOCKET)) - LONGEST_SOCKET_PATH} bytes: set SERVICE_SPOOL_FOLDER to a shorter path`,
      { cause: 'settings' },
    );
  }
  let server: Server | undefined;
  try {
    await mkdir(hidden, { recursive: true });
    await writeFile(join(hidden, OWNER), JSON.stringify({ ...(await thisMachine()), pid: process.pid }));
    server = await listenOn(join(hidden, SOCKET));
    await rename(hidden, path);
  } catch (error) {
    server?.close();
    await rm(hidden, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
  const held = server;
  return {
    path,
    release: async () => {
      await new Promise((done) => held.close(done));
      await removeFolder(path);
    },
  };
}

/** The sub-folders whose process is dead, in the order they were made. `foreign` are those of other machines, where nobody here can tell. */
export async function listDeadFolders(root: string, own: string): Promise<{ dead: string[]; foreign: string[] }> {
  const entries = await readdir(root, { withFileTypes: true });
  const dead: string[] = [];
  const foreign: string[] = [];
  for (const { name } of entries.filter((entry) => entry.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(root, name);
    if (name.startsWith('.') || path === own) continue;
    const machine = await ownerOf(path);
    const here = await thisMachine();
    if (machine && machine.boot !== here.boot && machine.host !== here.host) foreign.push(path);
    else if (machine && machine.boot !== here.boot) dead.push(path);
    else if (!(await answers(join(path, SOCKET)))) dead.push(path);
  }
  return { dead, foreign };
}

/** Removes a sub-folder and its marks when no segment, and nothing set aside, is in it. */
export async function removeFolder(path: string): Promise<void> {
  const names = await readdir(path).catch(() => [] as string[]);
  if (names.some((name) => name !== SOCKET && name !== OWNER)) return;
  for (const name of names) await rm(join(path, name), { force: true });
  await rmdir(path).catch(() => undefined);
}

/** What tells machines and their starts apart; Linux names each boot. */
async function thisMachine(): Promise<{ host: string; boot: string }> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return { host: hostname(), boot: boot.trim() };
}

async function ownerOf(path: string): Promise<{ host: string; boot: string } | undefined> {
  const text = await readFile(join(path, OWNER), 'utf8').catch(() => '');
  try {
    return JSON.parse(text) as { host: string; boot: string };
  } catch {
    return undefined;
  }
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

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (alive: boolean): void => {
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', () => end(true));
    // Only these two say that nobody listens; anything else (a full backlog, no permission) may be a live process.
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}
