import type { Queryable } from '../postgres/pool.js';
import { LEAST_REBASELINE_ROWS } from '../registry/rebaseline-rows.js';
import type { MovePlan } from './plan.js';
import { assertRows, requireChampion } from './require.js';

/** Newest live rows that make up a new reference where a person names no number. */
export const REBASELINE_ROWS = 5_000;

/**
 * Plans to take the newest live rows as the reference of the unchanged model.
 * @param rows  at most so many, from 200 to 100,000 @throws RefusedError without a champion, or when rows is out of range
 */
export async function planRebaseline(db: Queryable, modelName: string, rows: number): Promise<MovePlan> {
  assertRows(rows, LEAST_REBASELINE_ROWS);
  const champion = await requireChampion(db, modelName);
  const { modelVersion } = champion;
  return {
    modelName,
    changes: [
      `a new version with the model of version ${modelVersion} becomes the champion of ${modelName}: the answers stay as they are`,
      `its reference is the newest ${rows} live rows, none of a window that looks like broken data: drift is told from those, and present alerts end`,
    ],
    done: `${modelName} has a new reference`,
    apply: async (client, { by, reason }) => {
      // Loaded only when it is needed: it brings the runtime of models along, which a monitor has no other use for.
      const { rebaseline } = await import('../registry/rebaseline.js');
      const version = await rebaseline(client, { champion, rows, decidedBy: by, reason });
      return `${modelName} version ${version} is the champion: the model of version ${modelVersion} with the present population as its reference`;
    },
  };
}
