import { createHash } from 'node:crypto';
import type { Client, Queryable } from '../postgres/pool.js';
import type { Decision } from '../registry/pause.js';

/** What a move of a model by a person would change, as things are, and how it is done. */
export interface MovePlan {
  modelName: string;
  /** Where it is about a training run: that one. */
  trainingRunId?: string;
  /** `loadNewestMove` of the model, where agreement to the plan must not hold again once things are back as they were. */
  newestMove?: number;
  /** What will change, in words, a sentence each; none where everything is so already. */
  changes: string[];
  /** What to tell afterwards, or when there is nothing to change. */
  done: string;
  /** Does it inside the caller's transaction. @returns what to tell where that is known only then @throws RefusedError */
  apply: (client: Client, decision: Decision) => Promise<string | undefined>;
}

/** Plans a move from what is stored now. @throws RefusedError when it is not possible, with the reason */
export type PlanMove = (db: Queryable) => Promise<MovePlan>;

/** What tells whether two plans would do the same: 64 hexadecimal digits, of the words that a person is shown and of the newest move. */
export function planDigest({ modelName, trainingRunId, newestMove, changes }: MovePlan): string {
  return createHash('sha256')
    .update(JSON.stringify([modelName, trainingRunId ?? null, newestMove ?? null, changes]))
    .digest('hex');
}

/** A plan that has nothing to do, as things are. */
export function nothingToChange(modelName: string, done: string): MovePlan {
  return { modelName, changes: [], done, apply: async () => undefined };
}
