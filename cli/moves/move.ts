import { carryOut } from '../../core/moves/carry-out.js';
import { type PlanMove, planDigest } from '../../core/moves/plan.js';
import type { Pool } from '../../core/postgres/pool.js';
import { actorOf, confirm } from './confirm.js';

/** What every command that changes a model takes. */
export interface MoveOptions {
  reason: string;
  yes?: boolean;
}

/**
 * Says what will change, asks, and does it. @param command  such as `model promote`, for the record
 * @returns what to tell @throws RefusedError when it is not possible, or things have changed while the question was open
 */
export async function act(pool: Pool, command: string, plan: PlanMove, options: MoveOptions): Promise<string> {
  const shown = await plan(pool);
  if (shown.changes.length === 0) return shown.done;
  await confirm(shown.changes, options);
  const decision = { by: actorOf(command), reason: options.reason };
  return (await carryOut(pool, plan, planDigest(shown), decision)).done;
}
