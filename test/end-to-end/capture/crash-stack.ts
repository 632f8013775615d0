import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { freePort } from '../../../core/http/free-port.js';
import { compiledPath } from '../../../core/package-path.js';
import { type EmbeddedServer, startEmbeddedPostgres } from '../../../core/postgres/embedded.js';
import { migrate } from '../../../core/postgres/migrate.js';
import { createPool } from '../../../core/postgres/pool.js';
import { plumbline } from '../../helpers/stack.js';
import { until } from '../../helpers/until.js';
import { flowers, promote } from '../../service/models.js';

/** Clients of a load; each has one request under way. */
export const CLIENTS = 8;
const ROWS_A_REQUEST = 2;
const IDS_ASKED_AT_ONCE = 20_000;

/** What clients have seen while they asked without pause. */
export interface Load {
  /** Ids of the rows that were answered with 200. */
  acknowledged: string[];
  statuses: Set<number>;
  stop(): Promise<void>;
}

/** A real Postgres and a real service, to be killed and started again; and the proof that nothing was lost. */
export type CrashStack = Awaited<ReturnType<typeof createCrashStack>>;

/** Starts Postgres with a model registered; the service is started by each test. */
export async function createCrashStack() {
  const home = await mkdtemp(join(tmpdir(), 'plumbline-crash-'));
  // Postgres does not run as root: its user must be able to enter.
  await chmod(home, 0o755);
  const spool = join(home, 'spool');
  const [postgresPort, servicePort] = [await freePort(), await freePort()];
  const address = `http://127.0.0.1:${servicePort}`;
  // What is killed loses nothing that the kernel has: no need to wait for the disk.
  const settings = ['fsync=off'];
  const startServer = (): Promise<EmbeddedServer> =>
    startEmbeddedPostgres({ dataFolder: join(home, 'postgres'), port: postgresPort, password: 'test', settings });
  let server = await startServer();
  const pool = createPool({ connectionString: server.url, applicationName: 'test', onError: () => undefined });
  await migrate(pool);
  await promote(pool, await flowers());
  let service: ChildProcess | undefined;
  /** Rows that were acknowledged so far, and requests that were cut off: their rows may be stored, or not. */
  const sofar = { acknowledged: 0, cutOff: 0 };

  const metric = async (name: string): Promise<number> => {
    const text = await fetch(`${address}/metrics`).then((response) => response.text());
    const line = text.split('\n').find((each) => each.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1));
  };
  const countStored = async (ids: string[]): Promise<number> => {
    let found = 0;
    for (let at = 0; at < ids.length; at += IDS_ASKED_AT_ONCE) {
      const { rows } = await pool.query(
        'select count(*)::int as n from predictions where prediction_id = any($1::uuid[])',
        [ids.slice(at, at + IDS_ASKED_AT_ONCE)],
      );
      found += rows[0].n;
    }
    return found;
  };

  return {
    spool,
    metric,
    /** Kills Postgres as a failure would; its other processes end by themselves. */
    killPostgres: async (): Promise<void> => {
      const pid = Number((await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
      process.kill(pid, 'SIGKILL');
    },
    stopPostgres: () => server.stop(),
    /** Starts Postgres again; it refuses as long as a process of the killed one is left. */
    startPostgres: async (): Promise<void> => {
      server = await until('Postgres to start', startServer, 30_000);
    },
    /** Starts the service and waits until it is ready. @param nodeOptions  arguments of node itself */
    startService: async (nodeOptions: string[] = []): Promise<void> => {
      service = spawn(process.execPath, [...nodeOptions, compiledPath('service/main.js')], {
        env: {
          ...process.env,
          DATABASE_URL: server.url,
          SERVICE_PORT: String(servicePort),
          SERVICE_SPOOL_FOLDER: spool,
          LOG_LEVEL: 'silent',
        },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const ready = () => fetch(`${address}/v2/health/ready`).then((response) => response.ok);
      await until('the service to be ready', ready);
    },
    signalService: (signal: NodeJS.Signals): void => void service!.kill(signal),
    /** @returns exit code, null when the signal ended it */
    endService: async (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
      const ended = once(service!, 'exit');
      service!.kill(signal);
      return (await ended)[0];
    },
    /** Clients that ask without pause (or with one), across deaths of the service, and keep what was acknowledged. */
    startLoad: (pauseMs = 0): Load => {
      const acknowledged: string[] = [];
      const statuses = new Set<number>();
      let running = true;
      const instances = [
        { length: 7, width: 2, depth: 1 },
        { length: 1, width: 1 },
      ];
      const request = { method: 'POST', body: JSON.stringify({ instances }) };
      const client = async (): Promise<void> => {
        while (running) {
          try {
            const response = await fetch(`${address}/v1/models/flowers/predict`, request);
            const answer = (await response.json()) as { predictions: { id: string }[] };
            statuses.add(response.status);
            if (response.status === 200) acknowledged.push(...answer.predictions.map(({ id }) => id));
            await delay(response.status === 200 ? pauseMs : 10);
          } catch {
            await delay(10);
          }
        }
      };
      const clients = Promise.all(Array.from({ length: CLIENTS }, client));
      return {
        acknowledged,
        statuses,
        stop: async () => {
          running = false;
          await clients;
        },
      };
    },
    /**
     * Every acknowledged id is stored exactly once, batches hold what they claim, and the check finds nothing missing.
     * @param kills  kills of the service under this load: each may have cut off a request of every client, whose rows
     *   may be stored though nobody heard of them
     */
    assertKept: async (acknowledged: string[], kills = 0): Promise<void> => {
      await until('the spool to be empty', async () => (await metric('capture_spooled_rows')) === 0, 60_000);
      expect(new Set(acknowledged).size).toBe(acknowledged.length);
      await until(
        'every acknowledged id to be stored',
        async () => (await countStored(acknowledged)) >= acknowledged.length,
      );
      expect(await countStored(acknowledged)).toBe(acknowledged.length);
      const { rows } = await pool.query(
        `select (select count(*)::int from predictions) as rows, (select count(distinct prediction_id)::int from predictions) as ids,
                (select sum(row_count)::int from capture_batches) as batches`,
      );
      expect(rows[0]).toEqual({ rows: rows[0].rows, ids: rows[0].rows, batches: rows[0].rows });
      sofar.acknowledged += acknowledged.length;
      sofar.cutOff += kills * CLIENTS * ROWS_A_REQUEST;
      expect(rows[0].rows - sofar.acknowledged).toBeGreaterThanOrEqual(0);
      expect(rows[0].rows - sofar.acknowledged).toBeLessThanOrEqual(sofar.cutOff);
      const check = plumbline(['capture', 'check', '--spool', spool], { ...process.env, DATABASE_URL: server.url });
      expect(await check.ended, check.output()).toBe(0);
      expect(check.output()).toContain(`accepted ${rows[0].rows} = stored ${rows[0].rows} + spooled 0 + missing 0`);
    },
    remove: async (): Promise<void> => {
      service?.kill('SIGKILL');
      await pool.end();
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
