import { setTimeout as delay } from 'node:timers/promises';
import { readTrainingPriorities } from './priority.js';
import { untilServed } from './served.js';
import type { HealingStack } from './stack.js';
import { type HealingRun, listSeenRuns, listTakenJobs, readHealing } from './timeline.js';

/** A retraining that was promoted, and what only who looks on can tell. */
export interface Healed {
  run: HealingRun;
  served: Date;
  priorities: string[];
}

const LOOK_MS = 200;
/** Looking through all processes of the machine takes some milliseconds of a processor. */
const LOOKS_A_PRIORITY = 10;
const ALERT_MS = 180_000;
const PROMOTED_MS = 900_000;
const OPEN = ['queued', 'waiting', 'training', 'comparing'];
/** Ends of a run that trained; after one that did not, an alert that is still to come may begin another. */
const TRAINED = ['kept', 'failed', 'awaiting-approval', 'rolling-out'];

/**
 * Waits for an alert, then for a run of it that is promoted, then for the service to have it.
 * @throws Error with the reasons of the runs when none is promoted
 */
export async function untilHealed(stack: HealingStack, model: string): Promise<Healed> {
  const { pool } = stack;
  const taken = new Map<string, Date>();
  const priorities = new Set<string>();
  let deadline = Date.now() + ALERT_MS;
  let isAlerted = false;
  for (let look = 0; ; look++) {
    const runs = await listSeenRuns(pool, model);
    for (const job of await listTakenJobs(pool)) taken.set(job.id, taken.get(job.id) ?? job.taken);
    if (look % LOOKS_A_PRIORITY === 0) for (const one of await readTrainingPriorities()) priorities.add(one);
    if (runs.length > 0 && !isAlerted) {
      isAlerted = true;
      deadline = Date.now() + PROMOTED_MS;
    }
    const promoted = runs.find(({ state }) => state === 'promoted');
    if (promoted) {
      const at = taken.get(promoted.id);
      if (!at) throw new Error(`nobody saw the job of training run ${promoted.id} under way`, { cause: 'healing' });
      const run = await readHealing(pool, promoted.id, at);
      const served = await untilServed(stack.serviceUrl, model, run.candidateVersion);
      return { run, served, priorities: [...priorities].sort() };
    }
    const isOver =
      runs.every(({ state }) => !OPEN.includes(state)) && runs.some(({ state }) => TRAINED.includes(state));
    if (isOver || Date.now() > deadline) {
      const told = runs.map(({ state, reason }) => `${state}: ${reason}`).join('; ') || 'the trainer got no alert';
      throw new Error(`${model} was not healed: ${told}`, { cause: 'healing' });
    }
    await delay(LOOK_MS);
  }
}
