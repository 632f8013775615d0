import { CONTESTANTS } from '../../contestants/all.js';
import type { BenchContext } from '../../context.js';
import { type InferenceAlone, measureInferenceAlone } from '../../floor/session-run.js';
import { runPaced } from '../../load/paced.js';
import type { LoadReport } from '../../load/parse-wrk.js';
import { runWrk } from '../../load/wrk.js';
import { rotate } from '../../plan.js';
import { assertAnswered, withServer } from '../../with-server.js';

/** One round of one server. */
export interface LatencyRound {
  /** Over one connection, as fast as it answers. */
  single: LoadReport;
  maximumRequestsPerSecond: number;
  /** At half of that rate. */
  paced: LoadReport;
}

/** The servers whose latency is looked at, and what onnxruntime alone took. */
export interface LatencyFound {
  servers: { name: string; title: string; rounds: LatencyRound[] }[];
  inference: InferenceAlone[];
}

/** The service, the echo that its latency is held against, and its honest equivalent. */
const MEASURED = ['plumbline', 'node-http', 'fastapi-insert'];

/** Measures latency over one connection and at half of the maximum rate. @throws Error when a server fails */
export async function measureLatency(context: BenchContext): Promise<LatencyFound> {
  const { plan, model, say } = context;
  const contestants = CONTESTANTS.filter(({ name }) => MEASURED.includes(name));
  const servers: LatencyFound['servers'] = contestants.map(({ name, title }) => ({ name, title, rounds: [] }));
  const inference: InferenceAlone[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    inference.push(await measureInferenceAlone(model.folder, 1));
    for (const contestant of rotate(contestants, round)) {
      const measured = await withServer(contestant, context, async ({ pid, target }) => {
        const { connections, warmUpSeconds, singleSeconds, pacedSeconds } = plan;
        const settled = async (): Promise<void> => {
          if (contestant.table) await context.database.settledRows(contestant.table);
        };
        const load = (what: string, run: () => Promise<LoadReport>): Promise<LoadReport> =>
          context.meter(`${contestant.name} ${what}`, pid, run).then(({ result }) => assertAnswered(result, what));
        await runWrk(target, { connections, seconds: warmUpSeconds });
        const maximum = await load('at full load', () => runWrk(target, { connections, seconds: warmUpSeconds }));
        await settled();
        const single = await load('over one connection', () =>
          runWrk(target, { connections: 1, seconds: singleSeconds }),
        );
        await settled();
        const requestsPerSecond = maximum.requestsPerSecond / 2;
        const paced = await load('at half of the maximum rate', () =>
          runPaced(target, { connections, requestsPerSecond, seconds: pacedSeconds }),
        );
        return { single, maximumRequestsPerSecond: maximum.requestsPerSecond, paced };
      });
      servers.find(({ name }) => name === contestant.name)!.rounds.push(measured);
      say(`  round ${round + 1}, ${contestant.name}: p50 over one connection ${measured.single.p50Ms} ms`);
    }
  }
  return { servers, inference };
}
