import { plumbline } from '../../contestants/plumbline.js';
import type { BenchContext } from '../../context.js';
import { runWrk } from '../../load/wrk.js';
import { megabytesAt, watchMemory } from '../../servers/watch-memory.js';
import { assertAnswered, withServer } from '../../with-server.js';
import { measureSwaps, type SwapsFound } from './measure-swaps.js';

/** Resident memory over swaps of the model, and over time at full load. */
export interface MemoryFound {
  swaps: SwapsFound[];
  load: { seconds: number; megabytes: number }[];
  loadRequestsPerSecond: number;
}

/** Measures both. @throws Error when a request fails */
export async function measureMemory(context: BenchContext): Promise<MemoryFound> {
  const swaps = await measureSwaps(context);
  const { connections, fullLoadSeconds, warmUpSeconds } = context.plan;
  const last = fullLoadSeconds.at(-1)!;
  context.say(`  full load for ${last} s`);
  return withServer(plumbline, context, async ({ pid, target }) => {
    const memory = await watchMemory(pid);
    const { result: report } = await context.meter('full load', pid, () =>
      runWrk(target, { connections, seconds: last + warmUpSeconds }),
    );
    assertAnswered(report, 'at full load');
    const samples = await memory.stop();
    return {
      swaps,
      load: fullLoadSeconds.map((seconds) => ({ seconds, megabytes: megabytesAt(samples, seconds) })),
      loadRequestsPerSecond: report.requestsPerSecond,
    };
  });
}
