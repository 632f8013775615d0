import { appendAudit } from '../audit/append.js';
import type { Client, Queryable } from '../postgres/pool.js';
import { RefusedError } from './refused-error.js';

/** Who did something to a model by hand, and why. */
export interface Decision {
  by: string;
  reason: string;
}

/** A pause, as stored; `at` is RFC 3339. */
export type Pause = Decision & { at: string };

/** The pause of a model, or undefined while retraining and rollouts go on. */
export async function loadPause(db: Queryable, modelName: string): Promise<Pause | undefined> {
  const { rows } = await db.query<{ paused: Pause | null }>('select paused from models where model_name = $1', [
    modelName,
  ]);
  return rows[0]?.paused ?? undefined;
}

/** Pauses the retraining and rollouts of a model, inside the caller's transaction. @throws Error when there is no such model */
export async function pauseModel(client: Client, modelName: string, { by, reason }: Decision): Promise<void> {
  const paused: Pause = { by, reason, at: new Date().toISOString() };
  await writePause(client, modelName, paused);
  await appendAudit(client, [{ actor: by, action: 'model.paused', modelName, details: { reason } }]);
}

/** Ends a pause, inside the caller's transaction. @throws Error when there is no such model */
export async function resumeModel(client: Client, modelName: string, { by, reason }: Decision): Promise<void> {
  await writePause(client, modelName, null);
  await appendAudit(client, [{ actor: by, action: 'model.resumed', modelName, details: { reason } }]);
}

async function writePause(client: Client, modelName: string, paused: Pause | null): Promise<void> {
  const { rowCount } = await client.query('update models set paused = $2 where model_name = $1', [modelName, paused]);
  if (rowCount !== 1) throw new RefusedError(`no model "${modelName}" is registered`);
}
