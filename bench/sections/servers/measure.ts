import type { Contestant } from '../../contestants/contestant.js';
import type { BenchContext } from '../../context.js';
import { type InferenceAlone, measureInferenceAlone } from '../../floor/session-run.js';
import type { LoadReport } from '../../load/parse-wrk.js';
import { runWrk } from '../../load/wrk.js';
import { rotate } from '../../plan.js';
import type { Metered } from '../../servers/meter.js';
import { readUsage } from '../../servers/usage.js';
import { assertStored, type StoredRows } from '../../stored-rows.js';
import { assertAnswered, withServer } from '../../with-server.js';

/** What one round found of one server. */
export interface Round {
  maximum: LoadReport;
  /** CPU microseconds a request at full load, of the server's processes. */
  cpuUs: number;
  metered: Metered;
  rssIdleMegabytes: number;
  rssMegabytes: number;
  /** Trace exports that arrived from it. */
  exports: number;
  /** Of servers that store what they answer. */
  stored?: StoredRows;
  /** Rows that were not in Postgres yet when the load had ended: 0 for servers that store before they answer. */
  waitingRows: number;
}

/** A contestant's rounds, or why there are none. */
export interface ContestantResult {
  name: string;
  title: string;
  rounds: Round[];
  /** Why it was not measured, or not in every round. */
  failure?: string;
}

/** All servers at full load, and what onnxruntime alone took. */
export interface ServersFound {
  results: ContestantResult[];
  inference: InferenceAlone[];
}

/** Measures every contestant in every round. A server that fails is told in the table with its reason; the others go on. */
export async function measureServers(context: BenchContext): Promise<ServersFound> {
  const { contestants, plan, model, say } = context;
  const results: ContestantResult[] = contestants.map(({ name, title }) => ({ name, title, rounds: [] }));
  const inference: InferenceAlone[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    inference.push(await measureInferenceAlone(model.folder, 1));
    for (const contestant of rotate(contestants, round)) {
      const result = results.find(({ name }) => name === contestant.name)!;
      try {
        const found = await measureRound(contestant, context);
        result.rounds.push(found);
        say(`  round ${round + 1}, ${contestant.name}: ${Math.round(found.maximum.requestsPerSecond)} requests/s`);
      } catch (error) {
        result.failure = (error as Error).message;
        say(`  round ${round + 1}, ${contestant.name}: FAILED: ${result.failure}`);
      }
    }
  }
  return { results, inference };
}

/** One server: warmed up, then at full load. @throws Error that says what was wrong with it */
async function measureRound(contestant: Contestant, context: BenchContext): Promise<Round> {
  const { plan, database, collector } = context;
  const { connections, warmUpSeconds, maximumSeconds } = plan;
  const { table } = contestant;
  const settledRows = async (): Promise<number> => (table ? database.settledRows(table) : 0);
  const rowsBefore = await settledRows();
  const exportsBefore = collector.exports();
  const round = await withServer(contestant, context, async ({ pid, url, target, checked }) => {
    const idle = await readUsage(pid);
    const warmUp = assertAnswered(await runWrk(target, { connections, seconds: warmUpSeconds }), 'warming up');
    await settledRows();
    const { result: maximum, metered } = await context.meter(contestant.name, pid, async () =>
      assertAnswered(await runWrk(target, { connections, seconds: maximumSeconds }), 'at full load'),
    );
    const waitingRows = (await contestant.waitingRows?.(url)) ?? 0;
    const found = {
      maximum,
      cpuUs: (metered.cpuSeconds / maximum.requests) * 1e6,
      metered,
      rssIdleMegabytes: idle.rssMegabytes,
      rssMegabytes: (await readUsage(pid)).rssMegabytes,
      waitingRows,
    };
    if (!table) return found;
    const stored = (await settledRows()) - rowsBefore;
    const answered = warmUp.requests + maximum.requests + checked;
    return { ...found, stored: assertStored({ answered, stored, cutOff: 2 * connections }) };
  });
  // Some are sent only when the server ends.
  return { ...round, exports: collector.exports() - exportsBefore };
}
