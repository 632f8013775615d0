import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../core/http/free-port.js';
import { compiledPath } from '../../core/package-path.js';
import { startEmbeddedPostgres } from '../../core/postgres/embedded.js';
import { migrate } from '../../core/postgres/migrate.js';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { until } from './until.js';

/** A Postgres and a folder of its own for service processes. */
export interface ServicePlace {
  home: string;
  databaseUrl: string;
  pool: Pool;
  remove(): Promise<void>;
}

/** Starts a migrated Postgres. */
export async function createServicePlace(): Promise<ServicePlace> {
  const home = await mkdtemp(join(tmpdir(), 'plumbline-service-'));
  // Postgres does not run as root: its user must be able to enter.
  await chmod(home, 0o755);
  const server = await startEmbeddedPostgres({
    dataFolder: join(home, 'postgres'),
    port: await freePort(),
    password: 'test',
    settings: ['fsync=off'],
  });
  const pool = createPool({ connectionString: server.url, applicationName: 'test', onError: () => undefined });
  await migrate(pool);
  return {
    home,
    databaseUrl: server.url,
    pool,
    remove: async () => {
      await pool.end();
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A service started by itself, as an operator would. */
export interface ServiceProcess {
  port: number;
  child: ChildProcess;
  pid: number;
  output(): string;
  isReady(): Promise<boolean>;
  metrics(): Promise<string>;
  /** Sends SIGTERM and gives the exit code. */
  end(): Promise<number | null>;
}

/** Starts `service/main.js` and waits until it is ready. */
export async function startServiceProcess(
  place: ServicePlace,
  environment: Record<string, string> = {},
): Promise<ServiceProcess> {
  const port = Number(environment.SERVICE_PORT ?? (await freePort()));
  const child = spawn(process.execPath, [compiledPath('service/main.js')], {
    env: {
      ...process.env,
      DATABASE_URL: place.databaseUrl,
      SERVICE_PORT: String(port),
      SERVICE_SPOOL_FOLDER: join(place.home, 'spool'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data;
    });
  }
  const ended = once(child, 'exit');
  const service: ServiceProcess = {
    port,
    child,
    pid: child.pid!,
    output: () => output,
    isReady: async () => (await ask(port, { path: '/v2/health/ready' })).status === 200,
    metrics: async () => (await ask(port, { path: '/metrics' })).body,
    end: async () => {
      child.kill('SIGTERM');
      return (await ended)[0] as number | null;
    },
  };
  await until('the service to be ready', () => service.isReady()).catch((error: unknown) => {
    throw new Error(`${(error as Error).message}\n${output}`);
  });
  return service;
}

/** The processes that a process has started and that run (Linux). */
export function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

interface Answer {
  status: number;
  body: string;
}

/** No answer of a service takes as long; a client that waited for ever would hide that one is lost. */
const ASK_MS = 10_000;

/** One request. @throws when the connection fails before the answer is whole, or it is not there after ten seconds */
export function ask(
  port: number,
  options: { path: string; method?: string; body?: string; agent?: Agent },
): Promise<Answer> {
  const { path, method = 'GET', body, agent } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, method, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (data) => {
        text += data;
      });
      response.on('end', () => resolve({ status: response.statusCode!, body: text }));
      response.on('error', reject);
    });
    const late = setTimeout(() => sent.destroy(new Error(`no answer to ${method} ${path} in ${ASK_MS} ms`)), ASK_MS);
    sent.on('close', () => clearTimeout(late));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** What clients met. */
export interface Load {
  /** Prediction ids that were answered. */
  acknowledged: string[];
  /** Anything but an answer with 200. */
  failures: string[];
  stop(): Promise<void>;
}

/**
 * Clients with a kept-alive connection each that ask for predictions of `flowers` one after the other and never try
 * again; every second one rests between requests, so that its connection is idle most of the time.
 */
export function startLoad(port: number, clients = 8): Load {
  const acknowledged: string[] = [];
  const failures: string[] = [];
  let running = true;
  const body = JSON.stringify({ instances: [{ length: 7, width: 2, depth: 1 }] });
  const run = async (restMs: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (running) {
      try {
        const answer = await ask(port, { path: '/v1/models/flowers/predict', method: 'POST', body, agent });
        if (answer.status === 200) acknowledged.push(JSON.parse(answer.body).predictions[0].id);
        else failures.push(`${answer.status} ${answer.body}`);
      } catch (error) {
        failures.push(String(error));
      }
      await delay(restMs);
    }
    agent.destroy();
  };
  const ended = Promise.all(Array.from({ length: clients }, (_, i) => run(i % 2 === 0 ? 1 : 20 * i)));
  return {
    acknowledged,
    failures,
    stop: async () => {
      running = false;
      await ended;
    },
  };
}

/** Waits until every id is stored, and says how often each is. */
export async function countStored(pool: Pool, ids: string[]): Promise<{ stored: number; distinct: number }> {
  const count = async (): Promise<{ stored: number; distinct: number }> => {
    const { rows } = await pool.query(
      `select count(*)::int as stored, count(distinct prediction_id)::int as distinct
         from predictions where prediction_id = any($1::uuid[])`,
      [ids],
    );
    return rows[0];
  };
  await until('every acknowledged prediction to be stored', async () => (await count()).stored >= ids.length, 30_000);
  return count();
}
