import { resolve } from 'node:path';
import { assertPortFree } from '../../core/http/listen.js';
import { MEMORY_ENVIRONMENT } from '../../core/inference/memory-environment.js';
import { compiledPath } from '../../core/package-path.js';
import { migrate } from '../../core/postgres/migrate.js';
import { createPool } from '../../core/postgres/pool.js';
import { isDatabaseUnavailable } from '../../core/postgres/unavailable.js';
import { type CliSettings, childEnvironment } from '../settings.js';
import { startDatabase } from './database.js';
import { ensureExample } from './example.js';
import { lockHome } from './home-lock.js';
import { type Pace, paceEnvironment } from './pace.js';
import { loadSecrets, removeStack, type Secrets, type Stack, writeStack } from './stack-file.js';
import { type ChildSpec, type Supervised, supervise } from './supervise.js';

/** What `plumbline up` was asked for. */
export interface StackOptions {
  settings: CliSettings;
  pace: Pace;
  alerting: 'direct' | 'prometheus';
  /** Name of the example to register, or undefined for none. */
  example: string | undefined;
  csv: string | undefined;
  seed: number;
  /** Aborted when the start is not wanted any more: it ends before its next step. */
  signal: AbortSignal;
  say: (line: string) => void;
  onLog: (name: string, line: string) => void;
}

/** A running stack and how to end it. */
export interface RunningStack {
  stack: Stack;
  stop(): Promise<void>;
}

/**
 * Starts everything: database, schema, example, the three processes; ends what it started when any step fails.
 * @throws Error that says which step failed and what to do
 */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { settings, say } = options;
  const home = settings.PLUMBLINE_HOME;
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    undo.push(await lockHome(home));
    // One that a killed process left behind would name a database that is gone.
    await removeStack(home);
    undo.push(() => removeStack(home));
    await assertPortsFree(settings);
    const secrets = await loadSecrets(home);
    say(
      settings.DATABASE_URL ? 'database: the one of DATABASE_URL' : `database: embedded PostgreSQL in ${home}/postgres`,
    );
    const database = await startDatabase({
      databaseUrl: settings.DATABASE_URL,
      home,
      port: settings.PLUMBLINE_POSTGRES_PORT,
      password: secrets.postgresPassword,
      say,
    });
    undo.push(() => database.stop());
    options.signal.throwIfAborted();
    await prepareDatabase(options, database.url);
    options.signal.throwIfAborted();
    const stack = describeStack(settings, database.url, secrets);
    const children = childSpecs(options, stack).map((spec) => supervise(spec, options.onLog));
    // Before the database: what the service has accepted must still find it.
    undo.push(() => stopAll(children));
    await untilAborted(options.signal, Promise.all(children.map((child) => child.ready)));
    await writeStack(home, stack);
    return { stack, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  return Promise.race([work, aborted]);
}

async function stopAll(children: Supervised[]): Promise<void> {
  await Promise.all(children.map((child) => child.stop()));
}

async function assertPortsFree(settings: CliSettings): Promise<void> {
  for (const setting of ['SERVICE_PORT', 'MONITOR_PORT', 'TRAINER_PORT'] as const) {
    await assertPortFree({ host: '127.0.0.1', port: settings[setting], setting });
  }
}

async function prepareDatabase(options: StackOptions, url: string): Promise<void> {
  const pool = createPool({
    connectionString: url,
    applicationName: 'plumbline-up',
    maxConnections: 2,
    onError: () => undefined,
  });
  try {
    const applied = await migrate(pool).catch(explainUnreachable);
    if (applied.length > 0) options.say(`schema: applied ${applied.length} migrations`);
    if (options.example) {
      const { example, csv, seed, say } = options;
      await ensureExample({ pool, home: options.settings.PLUMBLINE_HOME, example, csv, seed, say });
    }
  } finally {
    await pool.end();
  }
}

function explainUnreachable(error: unknown): never {
  if (!isDatabaseUnavailable(error)) throw error;
  throw new Error(
    `the database of DATABASE_URL does not answer (${(error as Error).message}); is it running, and is the address right?`,
    {
      cause: error,
    },
  );
}

function describeStack(settings: CliSettings, databaseUrl: string, secrets: Secrets): Stack {
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    databaseUrl,
    serviceUrl: at(settings.SERVICE_PORT),
    monitorUrl: at(settings.MONITOR_PORT),
    trainerUrl: at(settings.TRAINER_PORT),
    trainerToken: secrets.trainerToken,
    consoleToken: settings.MONITOR_CONSOLE_TOKEN ?? secrets.consoleToken,
  };
}

/** Where the service of a home folder keeps what is not in Postgres yet. */
export function spoolFolder(home: string): string {
  return resolve(home, 'spool');
}

function childSpecs(options: StackOptions, stack: Stack): ChildSpec[] {
  const { settings, pace, alerting } = options;
  const environment = {
    ...MEMORY_ENVIRONMENT,
    ...paceEnvironment(pace),
    ...definedOnly(childEnvironment({})),
    DATABASE_URL: stack.databaseUrl,
    SERVICE_PORT: String(settings.SERVICE_PORT),
    SERVICE_SPOOL_FOLDER: spoolFolder(settings.PLUMBLINE_HOME),
    MONITOR_PORT: String(settings.MONITOR_PORT),
    TRAINER_PORT: String(settings.TRAINER_PORT),
    MONITOR_ALERTING: alerting,
    MONITOR_ALERT_URL: `${stack.trainerUrl}/v1/alerts`,
    MONITOR_ALERT_TOKEN: stack.trainerToken,
    MONITOR_CONSOLE_TOKEN: stack.consoleToken,
    TRAINER_WEBHOOK_TOKEN: stack.trainerToken,
  };
  const spec = (name: string, readyUrl: string): ChildSpec => ({
    name,
    entry: compiledPath(`${name}/main.js`),
    environment,
    readyUrl,
  });
  return [
    spec('service', `${stack.serviceUrl}/v2/health/ready`),
    spec('monitor', `${stack.monitorUrl}/health/ready`),
    spec('trainer', `${stack.trainerUrl}/health/ready`),
  ];
}

function definedOnly(environment: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}
