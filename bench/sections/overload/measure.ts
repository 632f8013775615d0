import { setTimeout as delay } from 'node:timers/promises';
import { plumbline } from '../../contestants/plumbline.js';
import type { BenchContext } from '../../context.js';
import type { OverloadReport } from '../../load/overload-report.js';
import { startLoad } from '../../load/program.js';
import { runWrk } from '../../load/wrk.js';
import { watchMemory } from '../../servers/watch-memory.js';
import { readMetric } from '../../service-metrics.js';
import { assertAnswered, withServer } from '../../with-server.js';

/** Rows of a request: so many that one core can send twice as many requests as another can answer. */
export const OVERLOAD_ROWS = 8;
const OVERLOAD_FACTOR = 2;
const MOST_CONNECTIONS = 10_000;
const DRAIN_DEADLINE_MS = 60_000;

/** What the service did with twice as many requests as it can answer. */
export interface OverloadFound {
  maximumRequestsPerSecond: number;
  offeredRequestsPerSecond: number;
  report: OverloadReport;
  rssBeforeMegabytes: number;
  /** Of the overload: after a third, and at its end. */
  rssThirdMegabytes: number;
  rssEndMegabytes: number;
  /** Until nothing waited any more after the load had ended. */
  drainSeconds: number;
  /** Afterwards, at full load again. */
  afterRequestsPerSecond: number;
}

/** Finds the maximum, then sends twice as much for a while, whether or not it is answered. */
export async function measureOverload(context: BenchContext): Promise<OverloadFound> {
  const { plan, say } = context;
  return withServer(plumbline, context, async ({ pid, url, batches }) => {
    const target = await batches(OVERLOAD_ROWS, 50);
    const { connections, maximumSeconds, warmUpSeconds, overloadSeconds: seconds } = plan;
    await runWrk(target, { connections, seconds: warmUpSeconds });
    const full = await context.meter('maximum of the overload', pid, () =>
      runWrk(target, { connections, seconds: maximumSeconds }),
    );
    const maximum = assertAnswered(full.result, 'at full load').requestsPerSecond;
    await context.database.settledRows('predictions');
    const requestsPerSecond = OVERLOAD_FACTOR * maximum;
    const shape = { connections, mostConnections: MOST_CONNECTIONS, requestsPerSecond, seconds };
    const memory = await watchMemory(pid);
    const { result: report } = await context.meter(
      'overload',
      pid,
      async () => JSON.parse(await startLoad({ kind: 'overload', ...target, ...shape }).ended) as OverloadReport,
    );
    const samples = await memory.stop();
    const drainSeconds = await untilDrained(url);
    const after = await runWrk(target, { connections, seconds: warmUpSeconds });
    say(`  ${requestsPerSecond.toFixed(0)} requests/s offered: ${JSON.stringify(report.statuses)}`);
    return {
      maximumRequestsPerSecond: maximum,
      offeredRequestsPerSecond: requestsPerSecond,
      report,
      rssBeforeMegabytes: samples[0]!.megabytes,
      rssThirdMegabytes: samples[Math.floor(samples.length / 3)]!.megabytes,
      rssEndMegabytes: samples.at(-1)!.megabytes,
      drainSeconds,
      afterRequestsPerSecond: assertAnswered(after, 'after the overload').requestsPerSecond,
    };
  });
}

/** @returns seconds until nothing waited for an answer. @throws Error when that takes more than a minute */
async function untilDrained(url: string): Promise<number> {
  const startMs = performance.now();
  while ((await readMetric(url, 'inference_queue_rows')) > 0) {
    if (performance.now() - startMs > DRAIN_DEADLINE_MS) {
      throw new Error(`rows still wait ${DRAIN_DEADLINE_MS / 1_000} s after the overload`, { cause: 'overload' });
    }
    await delay(50);
  }
  return (performance.now() - startMs) / 1_000;
}
