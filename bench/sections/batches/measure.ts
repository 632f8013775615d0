import { setTimeout as delay } from 'node:timers/promises';
import { plumbline } from '../../contestants/plumbline.js';
import type { BenchContext } from '../../context.js';
import { runPaced } from '../../load/paced.js';
import type { LoadReport } from '../../load/parse-wrk.js';
import { startLoad } from '../../load/program.js';
import type { RepeatedReport } from '../../load/send-repeated.js';
import { runWrk } from '../../load/wrk.js';
import { assertAnswered, withServer } from '../../with-server.js';

/** Rows of a batch: the most that the service takes by default. */
export const BATCH_ROWS = 10_000;
/** Rate of the single rows: so modest that only the batches can be what they wait for. */
export const SINGLE_ROWS_PER_SECOND = 200;
const CONNECTIONS = 8;
/** So many that none waits for a connection where it should wait for the service. */
const MOST_CONNECTIONS = 256;
/** Until the first batches are under way. */
const LEAD_MS = 1_000;

/** One round: single rows without and with batches beside them. */
export interface BatchesRound {
  alone: LoadReport;
  beside: LoadReport;
  batches: RepeatedReport;
}

/** Measures what batches cost the single rows of other clients. @throws Error when a request is not answered */
export async function measureBatches(context: BenchContext): Promise<BatchesRound[]> {
  const { plan, say } = context;
  const rounds: BatchesRound[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    const found = await withServer(plumbline, context, async ({ pid, target, batches }) => {
      const seconds = plan.pacedSeconds;
      const requestsPerSecond = SINGLE_ROWS_PER_SECOND;
      const shape = { connections: CONNECTIONS, mostConnections: MOST_CONNECTIONS, requestsPerSecond, seconds };
      await runWrk(target, { connections: plan.connections, seconds: plan.warmUpSeconds });
      await context.database.settledRows('predictions');
      const alone = await context.meter('single rows alone', pid, () => runPaced(target, shape));
      const batch = startLoad({ kind: 'repeated', ...(await batches(BATCH_ROWS, 2)) });
      await delay(LEAD_MS);
      const beside = await context.meter('single rows beside batches', pid, () => runPaced(target, shape));
      const sent = JSON.parse(await batch.stop()) as RepeatedReport;
      if (sent.refused > 0 || sent.requests === 0) {
        throw new Error(`${sent.refused} of ${sent.requests} batches were refused`, { cause: 'load' });
      }
      return {
        alone: assertAnswered(alone.result, 'without batches'),
        beside: assertAnswered(beside.result, 'beside batches'),
        batches: sent,
      };
    });
    rounds.push(found);
    say(`  round ${round + 1}: p99 ${found.alone.p99Ms} ms alone, ${found.beside.p99Ms} ms beside batches`);
  }
  return rounds;
}
