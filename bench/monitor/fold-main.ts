import { readFileSync } from 'node:fs';
import { createPool } from '../../core/postgres/pool.js';
import { loadVersion } from '../../core/registry/versions.js';
import { summariseVersion } from '../../monitor/summarise/summarise.js';
import { benchManifest } from './model.js';

/** What a fold of all rows took. Seconds of CPU are of this process and of its Postgres backend. */
export interface FoldResult {
  rows: number;
  seconds: number;
  cpuSeconds: number;
  backendCpuSeconds: number;
  /** Largest resident memory of this process. */
  megabytes: number;
}

/** A process of its own, so that its memory is that of the fold alone. Arguments: database address, most rows a transaction. */
const [connectionString, maximumRows] = process.argv.slice(2);
const pool = createPool({
  connectionString: connectionString!,
  applicationName: 'plumbline-bench-fold',
  maxConnections: 1,
  onError: (error) => {
    throw error;
  },
});
const version = await loadVersion(pool, benchManifest.name, 1);
const { rows: backends } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');

/** Seconds of CPU a process had, by its line in /proc: fields 14 and 15, in hundredths. */
function processSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const backend = processSeconds(backends[0]!.pid);
const cpu = process.cpuUsage();
const started = performance.now();
const { rows } = await summariseVersion({
  pool,
  version: version!,
  bucketSeconds: 60,
  decidedUntil: Number.NEGATIVE_INFINITY,
  maximumRows: Number(maximumRows),
});
const used = process.cpuUsage(cpu);
const result: FoldResult = {
  rows,
  seconds: (performance.now() - started) / 1_000,
  cpuSeconds: (used.user + used.system) / 1e6,
  backendCpuSeconds: processSeconds(backends[0]!.pid) - backend,
  megabytes: process.resourceUsage().maxRSS / 1_024,
};
console.log(JSON.stringify(result));
await pool.end();
