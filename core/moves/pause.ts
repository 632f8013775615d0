import type { Queryable } from '../postgres/pool.js';
import { loadPause, pauseModel, resumeModel } from '../registry/pause.js';
import { RefusedError } from '../registry/refused-error.js';
import { type MovePlan, nothingToChange } from './plan.js';

/** Plans to let nothing happen to a model by itself. @throws RefusedError when there is no such model */
export async function planPause(db: Queryable, modelName: string): Promise<MovePlan> {
  await requireModel(db, modelName);
  const pause = await loadPause(db, modelName);
  if (pause) {
    return nothingToChange(modelName, `${modelName} is paused since ${pause.at} by ${pause.by}: ${pause.reason}`);
  }
  return {
    modelName,
    changes: [`${modelName}: no retraining, no rollout and no rollback happens by itself until it is resumed`],
    done: `${modelName} is paused`,
    apply: async (client, decision) => {
      await pauseModel(client, modelName, decision);
      return undefined;
    },
  };
}

/** Plans to end a pause. @throws RefusedError when there is no such model */
export async function planResume(db: Queryable, modelName: string): Promise<MovePlan> {
  await requireModel(db, modelName);
  const pause = await loadPause(db, modelName);
  const done = `${modelName} goes on`;
  if (!pause) return nothingToChange(modelName, `${done}: it is not paused`);
  return {
    modelName,
    changes: [
      `${modelName}: retraining, rollouts and rollbacks happen by themselves again`,
      `this ends the pause since ${pause.at} by ${pause.by}: ${pause.reason}`,
    ],
    done,
    apply: async (client, decision) => {
      await resumeModel(client, modelName, decision);
      return undefined;
    },
  };
}

async function requireModel(db: Queryable, modelName: string): Promise<void> {
  const { rowCount } = await db.query('select 1 from models where model_name = $1', [modelName]);
  if (rowCount !== 1) throw new RefusedError(`no model "${modelName}" is registered`);
}
