import { appendAudit } from '../audit/append.js';
import type { Queryable } from '../postgres/pool.js';
import { RefusedError } from '../registry/refused-error.js';
import { promoteVersion } from '../registry/versions.js';
import { type MovePlan, nothingToChange } from './plan.js';
import { type DecidedRun, requireChampion, requireRun, requireVersion } from './require.js';
import { successionChanges } from './succession.js';
import { describeChampion, describeRun } from './what-happened.js';

/**
 * Plans to promote the challenger of a run that waits for a person; nothing to change where that was done.
 * @throws RefusedError when it does not wait, or the challenger was compared with another version than the champion
 */
export async function planApproval(db: Queryable, trainingRunId: string): Promise<MovePlan> {
  const run = await requireRun(db, trainingRunId);
  if (run.state === 'promoted') return answeredAlready(db, run);
  const { modelName, candidateVersion: toVersion, comparedWith } = await requireWaiting(db, run);
  const from = await requireChampion(db, modelName);
  const expectedChampion = from.modelVersion;
  if (comparedWith !== null && comparedWith !== expectedChampion) {
    throw new RefusedError(
      `the challenger of run ${trainingRunId} was compared with version ${comparedWith}; ${await describeChampion(db, modelName)}; to promote it all the same, promote version ${toVersion} of ${modelName}`,
    );
  }
  const to = await requireVersion(db, modelName, toVersion);
  return {
    modelName,
    trainingRunId,
    changes: await successionChanges(db, { from, to }),
    done: `${modelName} version ${toVersion} is the champion`,
    apply: async (client, { by, reason }) => {
      const promotion = { modelName, toVersion, expectedChampion, decidedBy: by, reason, trainingRunId };
      await promoteVersion(client, promotion);
      return undefined;
    },
  };
}

/** Plans to turn down the challenger of a run that waits for a person: the champion stays; nothing to change where that was done. @throws RefusedError */
export async function planTurningDown(db: Queryable, trainingRunId: string): Promise<MovePlan> {
  const run = await requireRun(db, trainingRunId);
  if (run.state === 'kept') return answeredAlready(db, run);
  const { modelName, candidateVersion: modelVersion } = await requireWaiting(db, run);
  return {
    modelName,
    trainingRunId,
    changes: [
      `training run ${trainingRunId} ends as kept: the champion of ${modelName} stays`,
      `version ${modelVersion} stays registered, and can be promoted later`,
    ],
    done: `version ${modelVersion} of ${modelName} was turned down`,
    apply: async (client, { by, reason }) => {
      await client.query(
        `update training_runs set state = 'kept', reason = $2, updated_at = now()
         where training_run_id = $1 and state = 'awaiting-approval'`,
        [trainingRunId, `turned down by ${by}: ${reason}`],
      );
      await appendAudit(client, [
        { actor: by, action: 'run.kept', modelName, modelVersion, trainingRunId, details: { reason } },
      ]);
      return undefined;
    },
  };
}

/** Such as by the first click of two. */
async function answeredAlready(db: Queryable, run: DecidedRun): Promise<MovePlan> {
  return nothingToChange(run.modelName, await happened(db, run));
}

async function happened(db: Queryable, run: DecidedRun): Promise<string> {
  return `${await describeRun(db, run)}; ${await describeChampion(db, run.modelName)}`;
}

async function requireWaiting(db: Queryable, run: DecidedRun): Promise<DecidedRun & { candidateVersion: number }> {
  const { state, candidateVersion } = run;
  if (state === 'awaiting-approval' && candidateVersion !== null) return { ...run, candidateVersion };
  throw new RefusedError(`its challenger does not wait for a person: ${await happened(db, run)}`);
}
