import { validate as isUuid } from 'uuid';
import { appendAudit } from '../../core/audit/append.js';
import { type Pool, withTransaction } from '../../core/postgres/pool.js';
import { loadPause } from '../../core/registry/pause.js';
import { actorOf, confirm } from './confirm.js';

/**
 * Lets a waiting run pass the guards that judge whether training is wise, and has it looked at at once.
 * @returns what to tell @throws Error when there is no such run, it does not wait, or its model is paused
 */
export async function overrideRun(
  pool: Pool,
  trainingRunId: string,
  { reason, yes }: { reason: string; yes?: boolean },
): Promise<string> {
  const { rows } = isUuid(trainingRunId)
    ? await pool.query(
        'select model_name as "modelName", state, guard, reason from training_runs where training_run_id = $1',
        [trainingRunId],
      )
    : { rows: [] };
  const run = rows[0];
  if (!run) throw new Error(`there is no run "${trainingRunId}"; see plumbline runs list`, { cause: 'run' });
  if (run.state !== 'queued') {
    throw new Error(`run ${trainingRunId} is ${run.state}, not queued; only a run that a guard holds can be let pass`, {
      cause: 'state',
    });
  }
  const pause = await loadPause(pool, run.modelName);
  if (pause) {
    const { by, at, reason: why } = pause;
    throw new Error(
      `${run.modelName} is paused since ${at} by ${by} (${why}), which no override passes; first go on with plumbline model resume ${run.modelName}`,
      { cause: 'paused' },
    );
  }
  const changes = [
    `run ${trainingRunId} of ${run.modelName} begins although: ${run.reason}`,
    'rows of windows that look like broken data are part of what it learns from',
  ];
  await confirm(changes, { yes });
  const by = actorOf('runs override');
  await withTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `update training_runs set override = $2 where training_run_id = $1 and state = 'queued'`,
      [trainingRunId, { by, reason, at: new Date().toISOString() }],
    );
    if (rowCount !== 1) throw new Error(`run ${trainingRunId} is not queued any more`, { cause: 'state' });
    await client.query(
      'select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where key = $1), now())',
      [trainingRunId],
    );
    const details = { guard: run.guard, reason };
    const entry = { actor: by, action: 'run.overridden', modelName: run.modelName, trainingRunId, details } as const;
    await appendAudit(client, [entry]);
  });
  return `run ${trainingRunId} is looked at now`;
}
