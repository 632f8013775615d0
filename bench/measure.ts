import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../core/http/free-port.js';
import { checkAnswers } from './check-answers.js';
import type { Contestant } from './contestants/contestant.js';
import type { BenchDatabase } from './database.js';
import { runPaced } from './load/paced.js';
import type { LoadReport } from './load/parse-wrk.js';
import { runWrk, type Target } from './load/wrk.js';
import type { BenchModel } from './model/prepare.js';
import { SERVER_CORE } from './pin.js';
import type { Plan } from './plan.js';
import { readCore } from './servers/core.js';
import { type RunningServer, startServer } from './servers/start.js';
import { readUsage } from './servers/usage.js';
import { assertStored, type StoredRows } from './stored-rows.js';

/** What one round found of one server. */
export interface Round {
  maximum: LoadReport;
  /** CPU microseconds a request at full load, of the server's processes. */
  cpuUs: number;
  /** Share of the server's core that other processes had meanwhile. */
  othersPercent: number;
  /** Over one connection. */
  single: LoadReport;
  /** At half of the maximum rate, just measured. */
  paced: LoadReport;
  rssIdleMegabytes: number;
  rssMegabytes: number;
  /** Of servers that store what they answer. */
  stored?: StoredRows;
}

/** What a round works with. */
export interface RoundOptions {
  plan: Plan;
  model: BenchModel;
  database: BenchDatabase;
  cache: string;
  /** Path of a program of the contestant's environment. */
  program: (name: string) => string;
}

/** Starts a server, checks its answers, measures it, and stops it. @throws Error that says what was wrong with it */
export async function measureRound(contestant: Contestant, options: RoundOptions): Promise<Round> {
  const { plan, model, database, cache, program } = options;
  const scratch = join(cache, 'scratch', contestant.name);
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  const bodies = join(cache, 'scratch', `${contestant.name}-bodies.txt`);
  await writeFile(bodies, `${model.sample.map((row) => contestant.body(row)).join('\n')}\n`);
  const port = await freePort();
  const surroundings = { modelFolder: model.folder, program, databaseUrl: database.url, port, scratch };
  const rowsBefore = contestant.table ? await database.settledRows(contestant.table) : 0;
  const server = await startServer(
    await contestant.launch(surroundings),
    `http://127.0.0.1:${port}${contestant.readyPath}`,
  );
  try {
    const checked = await checkAnswers(contestant, port, model.sample);
    const target = { port, path: contestant.path, bodies };
    const measured = await measureLoads(server, target, plan, async () => {
      if (contestant.table) await database.settledRows(contestant.table);
    });
    const { warmUp, ...round } = measured;
    if (!contestant.table) return round;
    const stored = (await database.settledRows(contestant.table)) - rowsBefore;
    const loads = [warmUp, round.maximum, round.single, round.paced];
    const answered = loads.reduce((sum, load) => sum + load.requests, checked);
    return { ...round, stored: assertStored({ answered, stored, cutOff: 2 * plan.connections + 1 }) };
  } finally {
    await server.stop();
  }
}

async function measureLoads(
  server: RunningServer,
  target: Target,
  plan: Plan,
  settle: () => Promise<void>,
): Promise<Round & { warmUp: LoadReport }> {
  const { connections } = plan;
  const idle = await readUsage(server.pid);
  const warmUp = assertAnswered(await runWrk(target, { connections, seconds: plan.warmUpSeconds }), 'warming up');
  await settle();
  const [before, coreBefore] = [await readUsage(server.pid), await readCore(SERVER_CORE)];
  const maximum = assertAnswered(await runWrk(target, { connections, seconds: plan.maximumSeconds }), 'at full load');
  const [after, coreAfter] = [await readUsage(server.pid), await readCore(SERVER_CORE)];
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  const otherSeconds = Math.max(0, coreAfter.busySeconds - coreBefore.busySeconds - cpuSeconds);
  await settle();
  const single = assertAnswered(
    await runWrk(target, { connections: 1, seconds: plan.singleSeconds }),
    'over one connection',
  );
  await settle();
  const requestsPerSecond = maximum.requestsPerSecond / 2;
  const paced = await runPaced(target, { connections, requestsPerSecond, seconds: plan.pacedSeconds });
  return {
    warmUp,
    maximum,
    cpuUs: (cpuSeconds / maximum.requests) * 1e6,
    othersPercent: (100 * otherSeconds) / (coreAfter.totalSeconds - coreBefore.totalSeconds),
    single,
    paced: assertAnswered(paced, 'at half of the maximum rate'),
    rssIdleMegabytes: idle.rssMegabytes,
    rssMegabytes: (await readUsage(server.pid)).rssMegabytes,
  };
}

function assertAnswered(report: LoadReport, when: string): LoadReport {
  if (report.requests === 0) throw new Error(`${when}, no request was answered`, { cause: 'load' });
  if (report.refused === 0) return report;
  throw new Error(`${when}, ${report.refused} of ${report.requests} answers had an error status`, { cause: 'load' });
}
