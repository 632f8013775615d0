import { type Client, type Pool, withTransaction } from '../postgres/pool.js';
import { lockModel } from '../registry/lock-model.js';
import type { Decision } from '../registry/pause.js';
import { RefusedError } from '../registry/refused-error.js';
import { type MovePlan, type PlanMove, planDigest } from './plan.js';

/** Thrown when a move would by now do something else than a person agreed to. */
export class PlanChangedError extends RefusedError {
  override readonly name = 'PlanChangedError';
  constructor(readonly plan: MovePlan) {
    const now = `things are no longer as they were shown; now it would be: ${plan.changes.join('; ')}`;
    super(`nothing was changed: ${plan.changes.length === 0 ? plan.done : now}`);
  }
}

/**
 * Carries a move out in one transaction, if it still does what a person was shown. It is planned again under the locks of its model
 * and its run, so that nothing comes in between.
 * @param confirmed  `planDigest` of the plan that was shown
 * @returns what to tell, and the last row of the audit trail that it has written
 * @throws PlanChangedError; RefusedError when it is not possible any more. Nothing was changed then
 */
export async function carryOut(
  pool: Pool,
  plan: PlanMove,
  confirmed: string,
  decision: Decision,
): Promise<{ done: string; sequence: number }> {
  return withTransaction(pool, async (client) => {
    await lock(client, await plan(client));
    const now = await plan(client);
    if (planDigest(now) !== confirmed) throw new PlanChangedError(now);
    const done = (await now.apply(client, decision)) ?? now.done;
    const { rows } = await client.query<{ sequence: number }>('select sequence from audit_head');
    return { done, sequence: rows[0]!.sequence };
  });
}

/** The model first, as everybody does. */
async function lock(client: Client, { modelName, trainingRunId }: MovePlan): Promise<void> {
  await lockModel(client, modelName);
  if (trainingRunId !== undefined) {
    await client.query('select 1 from training_runs where training_run_id = $1 for update', [trainingRunId]);
  }
}
