import type { Queryable } from '../postgres/pool.js';
import { RefusedError } from '../registry/refused-error.js';
import { loadChampionMoves, rollBack } from '../registry/roll-back.js';
import { loadChampion, promoteVersion } from '../registry/versions.js';
import { type MovePlan, nothingToChange } from './plan.js';
import { requireChampion, requireVersion } from './require.js';
import { successionChanges } from './succession.js';
import { describeChampion } from './what-happened.js';

/** Plans to make a registered version the champion, or an earlier one again. @throws RefusedError */
export async function planPromotion(db: Queryable, modelName: string, toVersion: number): Promise<MovePlan> {
  const to = await requireVersion(db, modelName, toVersion);
  const from = await loadChampion(db, modelName);
  const done = `${modelName} version ${toVersion} is the champion`;
  if (from?.modelVersion === toVersion) return nothingToChange(modelName, await describeChampion(db, modelName));
  const expectedChampion = from?.modelVersion ?? null;
  return {
    modelName,
    changes: await successionChanges(db, { from, to }),
    done,
    apply: async (client, { by, reason }) => {
      await promoteVersion(client, { modelName, toVersion, expectedChampion, decidedBy: by, reason });
      return undefined;
    },
  };
}

/** Plans to make the version that the champion replaced the champion again. @throws RefusedError when it replaced none */
export async function planRollback(db: Queryable, modelName: string): Promise<MovePlan> {
  const from = await requireChampion(db, modelName);
  const [move] = await loadChampionMoves(db, modelName);
  if (!move || move.fromVersion === null) {
    throw new RefusedError(
      `version ${from.modelVersion} of ${modelName} replaced no other; there is none to go back to`,
    );
  }
  const to = await requireVersion(db, modelName, move.fromVersion);
  return {
    modelName,
    changes: await successionChanges(db, { from, to }),
    done: `${modelName} version ${to.modelVersion} is the champion`,
    apply: async (client, { by, reason }) => {
      await rollBack(client, { modelName, expectedChampion: from.modelVersion, decidedBy: by, reason });
      return undefined;
    },
  };
}
