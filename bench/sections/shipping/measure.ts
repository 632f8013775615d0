import { setTimeout as delay } from 'node:timers/promises';
import { plumbline } from '../../contestants/plumbline.js';
import type { BenchContext } from '../../context.js';
import { startLoad } from '../../load/program.js';
import type { RepeatedReport } from '../../load/send-repeated.js';
import { readMetric } from '../../service-metrics.js';
import { type MeasuredServer, withServer } from '../../with-server.js';

const ROWS_A_REQUEST = 2_000;
const POLL_MS = 25;
const DEADLINE_MS = 300_000;

/** One round: a backlog spooled while Postgres was away, then stored. */
export interface ShippingRound {
  /** Acknowledged while Postgres was away. */
  rows: number;
  /** From the instant Postgres was let back to that at which the last row was stored. */
  seconds: number;
  /** Of these, until the first row was stored: the service tries again with growing pauses. */
  waitSeconds: number;
  /** While rows were stored. */
  rowsPerSecond: number;
  /** CPU time of the service a row stored. */
  cpuUs: number;
  /** Acknowledged rows in all, and rows in Postgres: must be equal. */
  acknowledged: number;
  stored: number;
}

/** Measures how fast a backlog goes into Postgres. @throws Error when a row is lost or stored twice, or a request refused */
export async function measureShipping(context: BenchContext): Promise<ShippingRound[]> {
  const rounds: ShippingRound[] = [];
  for (let round = 0; round < context.plan.rounds; round++) {
    const before = await context.database.settledRows('predictions');
    const found = await withServer(plumbline, context, async (server) => {
      const letIn = await context.database.keepServiceOut();
      const rows = await spoolUp(server, context.plan.backlogRows).catch(async (error: unknown) => {
        await letIn();
        throw error;
      });
      const shipped = await ship(server, context, rows, letIn);
      const stored = (await context.database.settledRows('predictions')) - before;
      return { rows, ...shipped, acknowledged: rows + server.checked, stored };
    });
    if (found.stored !== found.acknowledged) {
      throw new Error(`${found.acknowledged} rows were acknowledged, ${found.stored} stored`, { cause: 'stored' });
    }
    rounds.push(found);
    context.say(`  round ${round + 1}: ${Math.round(found.rowsPerSecond)} rows/s`);
  }
  return rounds;
}

/** @returns rows acknowledged, all of them in the spool */
async function spoolUp({ url, batches }: MeasuredServer, backlogRows: number): Promise<number> {
  const spooledBefore = await readMetric(url, 'capture_spooled_rows');
  const requests = Math.ceil(backlogRows / ROWS_A_REQUEST);
  const load = startLoad({ kind: 'repeated', ...(await batches(ROWS_A_REQUEST, 5)), requests });
  const report = JSON.parse(await load.ended) as RepeatedReport;
  const rows = (report.requests - report.refused) * ROWS_A_REQUEST;
  const spooled = (await readMetric(url, 'capture_spooled_rows')) - spooledBefore;
  if (report.refused === 0 && spooled === rows) return rows;
  throw new Error(
    `with Postgres away, ${report.refused} of ${report.requests} requests were refused, and ${spooled} of ${rows} rows are in the spool`,
    { cause: 'spool' },
  );
}

async function ship(
  { url, pid }: MeasuredServer,
  context: BenchContext,
  rows: number,
  letIn: () => Promise<void>,
): Promise<Pick<ShippingRound, 'seconds' | 'waitSeconds' | 'rowsPerSecond' | 'cpuUs'>> {
  const { result, metered } = await context.meter('shipping', pid, async () => {
    await letIn();
    const openedMs = performance.now();
    const full = await readMetric(url, 'capture_spooled_rows');
    let [beganMs, beganRows, left] = [openedMs, full, full];
    while (left > 0) {
      await delay(POLL_MS);
      left = await readMetric(url, 'capture_spooled_rows');
      if (left === full) [beganMs, beganRows] = [performance.now(), left];
      if (performance.now() - openedMs > DEADLINE_MS) {
        throw new Error(`${left} of ${full} rows are not stored after ${DEADLINE_MS / 1_000} s`, { cause: 'shipping' });
      }
    }
    const endMs = performance.now();
    return {
      seconds: (endMs - openedMs) / 1_000,
      waitSeconds: (beganMs - openedMs) / 1_000,
      rowsPerSecond: beganRows / ((endMs - beganMs) / 1_000),
    };
  });
  return { ...result, cpuUs: (metered.cpuSeconds / rows) * 1e6 };
}
