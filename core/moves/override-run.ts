import { appendAudit } from '../audit/append.js';
import type { Queryable } from '../postgres/pool.js';
import { loadPause } from '../registry/pause.js';
import { RefusedError } from '../registry/refused-error.js';
import type { MovePlan } from './plan.js';
import { requireRun } from './require.js';

/** Changes while the run waits, and nothing with it. */
const LOOKED_AT_AGAIN = /; looked at again at .*$/;

/**
 * Plans to let a waiting run pass the guards that judge whether training is wise, and have it looked at at once.
 * @throws RefusedError when there is no such run, it does not wait, or its model is paused
 */
export async function planOverride(db: Queryable, trainingRunId: string): Promise<MovePlan> {
  const { modelName, state, guard, reason: held } = await requireRun(db, trainingRunId);
  if (state !== 'queued') {
    throw new RefusedError(
      `run ${trainingRunId} is ${state}, not queued; only a run that a guard holds can be let pass`,
    );
  }
  const pause = await loadPause(db, modelName);
  if (pause) {
    const { by, at, reason: why } = pause;
    throw new RefusedError(
      `${modelName} is paused since ${at} by ${by} (${why}), which no override passes; first go on with plumbline model resume ${modelName}`,
    );
  }
  return {
    modelName,
    trainingRunId,
    changes: [
      `run ${trainingRunId} of ${modelName} begins although: ${held.replace(LOOKED_AT_AGAIN, '')}`,
      'rows of windows that look like broken data are part of what it learns from',
    ],
    done: `run ${trainingRunId} is looked at now`,
    apply: async (client, { by, reason }) => {
      await client.query('update training_runs set override = $2 where training_run_id = $1', [
        trainingRunId,
        { by, reason, at: new Date().toISOString() },
      ]);
      await client.query(
        'select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where key = $1), now())',
        [trainingRunId],
      );
      const details = { guard, reason };
      await appendAudit(client, [{ actor: by, action: 'run.overridden', modelName, trainingRunId, details }]);
      return undefined;
    },
  };
}
