import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findHolder } from './home-lock.js';

/** A running `plumbline up`, as told to other commands in the same folder. Holds secrets: readable by the owner only. */
export interface Stack {
  databaseUrl: string;
  serviceUrl: string;
  monitorUrl: string;
  trainerUrl: string;
  trainerToken: string;
  consoleToken: string;
}

/** Secrets of a home folder, made on first start. */
export interface Secrets {
  postgresPassword: string;
  trainerToken: string;
  consoleToken: string;
}

const OWNER_ONLY = 0o600;

/** The stack that runs from this home folder, or undefined when none does. */
export async function readStack(home: string): Promise<Stack | undefined> {
  if ((await findHolder(home)) === undefined) return undefined;
  const text = await readFile(join(home, 'stack.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Stack);
}

/** Announces a running stack. */
export async function writeStack(home: string, stack: Stack): Promise<void> {
  await writeFile(join(home, 'stack.json'), JSON.stringify(stack, null, 2), { mode: OWNER_ONLY });
}

/** Withdraws the announcement. */
export async function removeStack(home: string): Promise<void> {
  await rm(join(home, 'stack.json'), { force: true });
}

/** The link that opens the console. What stands behind the # is not sent by browsers: a script of the page reads it. */
export function signInLink({ monitorUrl, consoleToken }: Pick<Stack, 'monitorUrl' | 'consoleToken'>): string {
  return `${monitorUrl}/sign-in#${encodeURIComponent(consoleToken)}`;
}

/** Reads the secrets of a home folder; makes those that are not there yet. */
export async function loadSecrets(home: string): Promise<Secrets> {
  const path = join(home, 'secrets.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const stored = text === undefined ? {} : parseSecrets(text, path);
  const secrets: Secrets = {
    postgresPassword: randomBytes(24).toString('base64url'),
    trainerToken: randomBytes(24).toString('base64url'),
    consoleToken: randomBytes(24).toString('base64url'),
    ...stored,
  };
  if (Object.keys(stored).length < Object.keys(secrets).length) {
    await writeFile(path, JSON.stringify(secrets, null, 2), { mode: OWNER_ONLY });
  }
  return secrets;
}

function parseSecrets(text: string, path: string): Partial<Secrets> {
  try {
    return JSON.parse(text) as Partial<Secrets>;
  } catch (error) {
    throw new Error(`${path} is not valid JSON: ${(error as Error).message}; put the file back`, { cause: error });
  }
}
