import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A running `plumbline up`, as told to other commands in the same folder. Holds secrets: readable by the owner only. */
export interface Stack {
  pid: number;
  databaseUrl: string;
  serviceUrl: string;
  monitorUrl: string;
  trainerUrl: string;
  trainerToken: string;
}

/** Secrets of a home folder, made on first start. */
export interface Secrets {
  postgresPassword: string;
  trainerToken: string;
}

const OWNER_ONLY = 0o600;

/** The stack that runs from this home folder, or undefined when none does. */
export async function readStack(home: string): Promise<Stack | undefined> {
  const text = await readFile(join(home, 'stack.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const stack = JSON.parse(text) as Stack;
  return isRunning(stack.pid) ? stack : undefined;
}

/** Announces a running stack. */
export async function writeStack(home: string, stack: Stack): Promise<void> {
  await writeFile(join(home, 'stack.json'), JSON.stringify(stack, null, 2), { mode: OWNER_ONLY });
}

/** Withdraws the announcement. */
export async function removeStack(home: string): Promise<void> {
  await rm(join(home, 'stack.json'), { force: true });
  await rm(join(home, 'lock'), { force: true });
}

/**
 * Takes a home folder for this process, so that two never run on the same data.
 * @throws Error with the process id of the one that holds it
 */
export async function lockHome(home: string): Promise<void> {
  await mkdir(home, { recursive: true });
  const path = join(home, 'lock');
  for (let attempt = 0; attempt < 2; attempt++) {
    const taken = await writeFile(path, String(process.pid), { flag: 'wx', mode: OWNER_ONLY }).then(
      () => false,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return true;
        throw new Error(`cannot write to ${home}: ${error.message}`, { cause: error });
      },
    );
    if (!taken) return;
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (holder > 0 && isRunning(holder)) {
      throw new Error(
        `plumbline already runs from ${home} (process ${holder}); stop it, or set PLUMBLINE_HOME to another folder`,
        { cause: 'lock' },
      );
    }
    await rm(path, { force: true });
  }
  throw new Error(`cannot take the lock ${path}`, { cause: 'lock' });
}

/** Reads the secrets of a home folder; makes them the first time. */
export async function loadSecrets(home: string): Promise<Secrets> {
  const path = join(home, 'secrets.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text !== undefined) return JSON.parse(text) as Secrets;
  const secrets: Secrets = {
    postgresPassword: randomBytes(24).toString('base64url'),
    trainerToken: randomBytes(24).toString('base64url'),
  };
  await writeFile(path, JSON.stringify(secrets, null, 2), { mode: OWNER_ONLY });
  return secrets;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
