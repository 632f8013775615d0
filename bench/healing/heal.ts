import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { addModel } from '../../core/project/register.js';
import { startLoad } from '../load/program.js';
import { answersBetween, countFailed, type Stretch, stretchOf, type TimedReport } from '../load/timed.js';
import type { Target } from '../load/wrk.js';
import { writeBodies } from './bodies.js';
import { type HealingPlan, REQUESTS_PER_SECOND } from './plan.js';
import { makeProject } from './project.js';
import { untilServed } from './served.js';
import { type HealingStack, startHealingStack } from './stack.js';
import { type HealingRun, listSeenRuns } from './timeline.js';
import { startMovedTraffic } from './traffic.js';
import { type Healed, untilHealed } from './until-healed.js';

/** One loop from a change of the world to a champion that knows it. */
export interface Healing extends HealingRun {
  /** When the service answered with the new champion. */
  served: Date;
  /** Nice values seen among the threads of the training command, and of its session. */
  priorities: string[];
  /** What the steady load met alone, before the change. */
  alone: Stretch;
  /** What it met beside the traffic with outcomes: before the alert and after the promotion; */
  apart: Stretch;
  /** while the command trained; */
  training: Stretch;
  /** and from the alert to the promotion. */
  whole: Stretch;
  /** Of the steady load. */
  requests: number;
  /** Of the steady load, and rows of the traffic with outcomes, that were refused or got no answer. */
  failed: number;
}

const WARM_UP_MS = 3_000;
/** Until the traffic with outcomes has started. */
const TRAFFIC_MS = 1_000;
/** After the promotion, until the old version is unloaded and the new reference is there. */
const SETTLE_MS = 2_000;

/**
 * The story of a loop: a champion is registered, answers as ever, its world changes at once (the scenario `sudden-shift`),
 * outcomes tell, the monitor alerts, the trainer trains, compares and promotes, and the service swaps.
 * @throws Error when it did not come to a promotion
 */
export async function heal(
  plan: HealingPlan,
  { folder, data, say }: { folder: string; data: string; say: (line: string) => void },
): Promise<Healing> {
  const model = plan.example.name;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const made = await makeProject(plan, join(folder, 'project'), data);
  const stack = await startHealingStack(join(folder, 'home'), plan.windowRows);
  try {
    await addModel(stack.pool, made.project, 'plumbline bench');
    await untilServed(stack.serviceUrl, model, 1);
    say(`${model}: a champion answers`);
    const target = async (scenario: string, file: string): Promise<Target> => {
      const bodies = join(folder, `${scenario}.txt`);
      await writeBodies(bodies, { description: made.description, file, scenario });
      return { port: Number(new URL(stack.serviceUrl).port), path: `/v1/models/${model}/predict`, bodies };
    };
    const quietMs = plan.quietSeconds * 1_000;
    const calm = await load(await target('none', made.unseen), () => delay(WARM_UP_MS + quietMs));
    const [falseAlarm] = await listSeenRuns(stack.pool, model);
    if (falseAlarm) throw new Error(`${model}: an alert came before the change`, { cause: 'healing' });
    const changed = await target('sudden-shift', made.all);
    const moved = await load(changed, () => changeTheWorld(plan, stack, { rows: made.all, folder }));
    say(`${model}: ${moved.result.run.reason}`);
    return toHealing(calm.report, moved.report, moved.result);
  } finally {
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Changed extends Healed {
  /** From when on the traffic with outcomes is taken to be there. */
  since: number;
  refused: number;
}

/** Sends changed rows with outcomes up to the end, so that the same traffic is there with and without a training. */
async function changeTheWorld(
  { example: { name: model }, rowsPerSecond, quietSeconds }: HealingPlan,
  stack: HealingStack,
  files: { rows: string; folder: string },
): Promise<Changed> {
  const traffic = startMovedTraffic({ serviceUrl: stack.serviceUrl, model, rowsPerSecond, ...files });
  const since = Date.now() + TRAFFIC_MS;
  try {
    const healed = await untilHealed(stack, model);
    await delay(SETTLE_MS + quietSeconds * 1_000);
    return { ...healed, since, refused: await traffic.stop() };
  } catch (error) {
    await traffic.stop().catch(() => undefined);
    throw error;
  }
}

function toHealing(
  calm: TimedReport,
  moved: TimedReport,
  { run, served, priorities, since, refused }: Changed,
): Healing {
  const { alert, trainingBegan, trainingEnded, promoted } = run.timeline;
  const within = (from: Date, to: Date): Stretch => stretchOf(answersBetween(moved, from.getTime(), to.getTime()));
  return {
    ...{ ...run, served, priorities },
    alone: stretchOf(answersBetween(calm, calm.startedAt + WARM_UP_MS, Infinity)),
    apart: stretchOf([
      ...answersBetween(moved, since, alert.getTime()),
      ...answersBetween(moved, served.getTime() + SETTLE_MS, Infinity),
    ]),
    training: within(trainingBegan, trainingEnded),
    whole: within(alert, promoted),
    requests: calm.due + moved.due,
    failed: countFailed(calm) + countFailed(moved) + refused,
  };
}

/** Sends the steady load while something is done. */
async function load<T>(target: Target, work: () => Promise<T>): Promise<{ report: TimedReport; result: T }> {
  const rate = { connections: 4, mostConnections: 64, requestsPerSecond: REQUESTS_PER_SECOND };
  const program = startLoad({ kind: 'timed', ...target, ...rate });
  try {
    const result = await work();
    return { report: JSON.parse(await program.stop()) as TimedReport, result };
  } catch (error) {
    await program.stop().catch(() => undefined);
    throw error;
  }
}
