import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../core/http/free-port.js';
import { checkAnswers } from './check-answers.js';
import type { Contestant } from './contestants/contestant.js';
import type { BenchContext } from './context.js';
import type { LoadReport } from './load/parse-wrk.js';
import type { Target } from './load/wrk.js';
import type { SampleRow } from './model/prepare.js';
import { startServer } from './servers/start.js';

/** A contestant's server that runs and has answered each row of the sample right. */
export interface MeasuredServer {
  pid: number;
  url: string;
  /** Single-row requests. */
  target: Target;
  /** Requests answered while checking. */
  checked: number;
  /** A target with other bodies: `rows` of the sample in each, `count` different ones. */
  batches(rows: number, count: number): Promise<Target>;
}

/** Starts a contestant, checks its answers, lets `measure` work with it, and stops it. @throws Error that says what was wrong with it */
export async function withServer<T>(
  contestant: Contestant,
  context: BenchContext,
  measure: (server: MeasuredServer) => Promise<T>,
): Promise<T> {
  const { model, database, collector, cache } = context;
  const scratch = join(cache, 'scratch', contestant.name);
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  const port = await freePort();
  const target = async (name: string, bodies: string[]): Promise<Target> => {
    const file = join(cache, 'scratch', `${contestant.name}-${name}.txt`);
    await writeFile(file, `${bodies.join('\n')}\n`);
    return { port, path: contestant.path, bodies: file };
  };
  const launch = await contestant.launch({
    modelFolder: model.folder,
    program: (name) => context.program(contestant.environment, name),
    databaseUrl: database.url,
    collectorUrl: collector.url,
    port,
    scratch,
  });
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer(launch, `${url}${contestant.readyPath}`);
  try {
    return await measure({
      pid: server.pid,
      url,
      target: await target(
        'single',
        model.sample.map((row) => contestant.body([row])),
      ),
      checked: await checkAnswers(contestant, port, model.sample),
      batches: (rows, count) => target(`batches-${rows}`, batchBodies(contestant, model.sample, rows, count)),
    });
  } finally {
    await server.stop();
  }
}

function batchBodies(contestant: Contestant, sample: readonly SampleRow[], rows: number, count: number): string[] {
  return Array.from({ length: count }, (_, batch) =>
    contestant.body(Array.from({ length: rows }, (_, row) => sample[(batch * rows + row) % sample.length]!)),
  );
}

/** Gives the report of a load that had answers, all of them 2xx. @throws Error otherwise */
export function assertAnswered(report: LoadReport, when: string): LoadReport {
  if (report.requests === 0) throw new Error(`${when}, no request was answered`, { cause: 'load' });
  if (report.refused === 0) return report;
  throw new Error(`${when}, ${report.refused} of ${report.requests} answers had an error status`, { cause: 'load' });
}
