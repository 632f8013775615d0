import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Pool, withTransaction } from '../../../core/postgres/pool.js';
import { loadProject } from '../../../core/project/load.js';
import { addModel } from '../../../core/project/register.js';
import { loadChampion, promoteVersion } from '../../../core/registry/versions.js';
import { plumbline } from '../../contestants/plumbline.js';
import type { BenchContext } from '../../context.js';
import type { LoadReport } from '../../load/parse-wrk.js';
import { startLoad } from '../../load/program.js';
import { median } from '../../median.js';
import { MODEL_NAME } from '../../model/prepare.js';
import { readUsage } from '../../servers/usage.js';
import { type MeasuredServer, withServer } from '../../with-server.js';

/** Resident memory after numbers of swaps. */
export interface SwapsFound {
  title: string;
  memory: { swaps: number; megabytes: number }[];
  /** Requests answered meanwhile, none of them refused. */
  requests: number;
}

const DIFFERENT_MODELS = 5;
const REQUESTS_PER_SECOND = 200;
const SERVED_DEADLINE_MS = 30_000;

/** Swaps between five different models, then between two versions of the same one, under a light load. */
export async function measureSwaps(context: BenchContext): Promise<SwapsFound[]> {
  const { pool } = context.database;
  const original = (await loadChampion(pool, MODEL_NAME))!.modelVersion;
  try {
    const same = [original, await addModel(pool, await loadProject(context.model.folder), 'plumbline bench')];
    const different = [original];
    for (let seed = 1; seed < DIFFERENT_MODELS; seed++) {
      context.say(`  training model ${seed + 1} of ${DIFFERENT_MODELS}`);
      const model = await context.trainAnother(join(context.cache, `model-${seed}`), seed);
      different.push(await addModel(pool, await loadProject(model.folder), 'plumbline bench'));
    }
    return [
      await swapAround(context, `${DIFFERENT_MODELS} different models in turn`, different),
      await swapAround(context, 'two versions of the same model in turn', same),
    ];
  } finally {
    await promote(pool, original);
  }
}

async function swapAround(context: BenchContext, title: string, versions: number[]): Promise<SwapsFound> {
  const { pool } = context.database;
  await promote(pool, versions[0]!);
  return withServer(plumbline, context, async (server) => {
    const load = startLoad({
      kind: 'paced',
      ...server.target,
      connections: 4,
      mostConnections: 64,
      requestsPerSecond: REQUESTS_PER_SECOND,
    });
    const memory: SwapsFound['memory'] = [];
    for (let swap = 1; swap <= context.plan.swaps.at(-1)!; swap++) {
      const version = versions[swap % versions.length]!;
      await promote(pool, version);
      await untilServed(server, version);
      if (context.plan.swaps.includes(swap))
        memory.push({ swaps: swap, megabytes: await settledMegabytes(server.pid) });
    }
    const report = JSON.parse(await load.stop()) as LoadReport;
    if (report.refused > 0) {
      throw new Error(`${report.refused} of ${report.requests} requests failed while the model was swapped`, {
        cause: 'swap',
      });
    }
    context.say(
      `  ${title}: ${memory.map(({ swaps, megabytes }) => `${swaps}: ${Math.round(megabytes)} MB`).join(', ')}`,
    );
    return { title, memory, requests: report.requests };
  });
}

async function promote(pool: Pool, toVersion: number): Promise<void> {
  const champion = await loadChampion(pool, MODEL_NAME);
  if (champion?.modelVersion === toVersion) return;
  await withTransaction(pool, (client) =>
    promoteVersion(client, {
      modelName: MODEL_NAME,
      toVersion,
      expectedChampion: champion?.modelVersion ?? null,
      decidedBy: 'plumbline bench',
      reason: 'memory of swaps',
    }),
  );
}

async function untilServed({ url }: MeasuredServer, version: number): Promise<void> {
  const deadline = Date.now() + SERVED_DEADLINE_MS;
  for (;;) {
    const answer = (await (await fetch(`${url}/v1/models/${MODEL_NAME}`)).json()) as { champion?: number };
    if (answer.champion === version) return;
    if (Date.now() > deadline) {
      throw new Error(`version ${version} is not served after ${SERVED_DEADLINE_MS / 1_000} s`, { cause: 'swap' });
    }
    await delay(10);
  }
}

/** Median of readings over one second: one alone may be just before or after a garbage collection. */
async function settledMegabytes(pid: number): Promise<number> {
  const readings: number[] = [];
  for (let i = 0; i < 10; i++) {
    readings.push((await readUsage(pid)).rssMegabytes);
    await delay(100);
  }
  return median(readings);
}
