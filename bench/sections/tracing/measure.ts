import { compiledPath } from '../../../core/package-path.js';
import type { Contestant } from '../../contestants/contestant.js';
import { plumbline, plumblineWith } from '../../contestants/plumbline.js';
import type { BenchContext } from '../../context.js';
import { runWrk } from '../../load/wrk.js';
import { rotate } from '../../plan.js';
import { findMetric } from '../../service-metrics.js';
import { assertAnswered, withServer } from '../../with-server.js';

/** The service with more or less to tell about itself. */
export interface TracingVariant {
  title: string;
  rounds: TracingRound[];
}

/** One round of a variant. */
export interface TracingRound {
  requestsPerSecond: number;
  cpuUs: number;
  /** Trace exports that arrived at the collector. */
  exports: number;
}

/** With metrics and tracing at 1 %, with metrics only, with neither: in this order. */
export interface TracingFound {
  variants: TracingVariant[];
}

const UNTRACED: Contestant = plumblineWith({ name: 'plumbline-untraced', title: 'metrics only', traced: false });
const SILENT: Contestant = plumblineWith({
  name: 'plumbline-silent',
  title: 'neither metrics nor tracing',
  nodeOptions: ['--import', compiledPath('bench/sections/tracing/without-metrics.js')],
  traced: false,
});

/** Measures what metrics and tracing cost. @throws Error when one that should be off is on, or the other way round */
export async function measureTracing(context: BenchContext): Promise<TracingFound> {
  const contestants = [plumbline, UNTRACED, SILENT];
  const titles = ['metrics and tracing at 1 %', UNTRACED.title, SILENT.title];
  const variants: TracingVariant[] = titles.map((title) => ({ title, rounds: [] }));
  for (let round = 0; round < context.plan.rounds; round++) {
    for (const contestant of rotate(contestants, round)) {
      const found = await measureVariant(contestant, context);
      variants[contestants.indexOf(contestant)]!.rounds.push(found);
      context.say(`  round ${round + 1}, ${contestant.name}: ${Math.round(found.requestsPerSecond)} requests/s`);
    }
  }
  return { variants };
}

async function measureVariant(contestant: Contestant, context: BenchContext): Promise<TracingRound> {
  const { plan, collector } = context;
  const { connections, warmUpSeconds, maximumSeconds } = plan;
  const before = collector.exports();
  const round = await withServer(contestant, context, async ({ pid, target, url }) => {
    await runWrk(target, { connections, seconds: warmUpSeconds });
    await context.database.settledRows('predictions');
    const { result, metered } = await context.meter(contestant.name, pid, async () =>
      assertAnswered(await runWrk(target, { connections, seconds: maximumSeconds }), 'at full load'),
    );
    const counted = (await findMetric(url, 'capture_rows_total{result="accepted"}')) ?? 0;
    if (counted > 0 === (contestant === SILENT)) {
      throw new Error(`${contestant.name}: the service counted ${counted} rows`, { cause: 'metrics' });
    }
    return {
      requestsPerSecond: result.requestsPerSecond,
      cpuUs: (metered.cpuSeconds / result.requests) * 1e6,
    };
  });
  // Some are sent only when the server ends.
  return { ...round, exports: collector.exports() - before };
}
