import type { Queryable } from '../../core/postgres/pool.js';

/** Instants of a retraining that ended in a promotion, each as the process that did it wrote it down. */
export interface Timeline {
  /** `startsAt` of the alert: the pass of the monitor in which it began to fire. */
  alert: Date;
  /** The trainer had stored the alert, its run and the job. */
  received: Date;
  /** A worker took the job off the queue. */
  taken: Date;
  /** The training command was started, on a dataset that was read, put together, and written. */
  trainingBegan: Date;
  trainingEnded: Date;
  /** The challenger was compared, and registered with a reference frozen from its rows. */
  compared: Date;
  promoted: Date;
}

/** What a retraining was made of. */
export interface HealingRun {
  timeline: Timeline;
  alertName: string;
  reason: string;
  candidateVersion: number;
  recentRows: number;
  referenceRows: number;
  heldOutRows: number;
  /** Whether it had to wait for outcomes; the wait is part of the time between `taken` and `trainingBegan`. */
  waited: boolean;
  trials: { complete: number; pruned: number; seconds: number };
}

/** A run that the bench waits for. */
export interface SeenRun {
  id: string;
  state: string;
  reason: string;
}

/** Runs of a model, oldest first. */
export async function listSeenRuns(db: Queryable, model: string): Promise<SeenRun[]> {
  const { rows } = await db.query<SeenRun>(
    'select training_run_id as id, state, reason from training_runs where model_name = $1 order by created_at, training_run_id',
    [model],
  );
  return rows;
}

/** When jobs that are under way were taken off the queue, by run: nothing tells of it once they are done. */
export async function listTakenJobs(db: Queryable): Promise<{ id: string; taken: Date }[]> {
  const { rows } = await db.query<{ id: string; taken: Date }>(
    'select key as id, locked_at as taken from graphile_worker.jobs where locked_at is not null',
  );
  return rows;
}

/** Reads how a promoted run went from `training_runs`, the audit trail and the experiment record. @throws Error when a step is missing */
export async function readHealing(db: Queryable, id: string, taken: Date): Promise<HealingRun> {
  const { rows } = await db.query(
    `select r.starts_at as alert, r.alert_name as "alertName", r.reason, r.candidate_version as "candidateVersion",
       (r.dataset->>'recentTrainingRows')::integer as "recentRows", (r.dataset->>'referenceRows')::integer as "referenceRows",
       (r.dataset->>'heldOutRows')::integer as "heldOutRows", e.started_at as "trainingBegan", e.finished_at as "trainingEnded",
       (select json_object_agg(action, recorded_at) from audit where training_run_id = $1) as steps,
       (select json_build_object('complete', count(*) filter (where state = 'complete'),
          'pruned', count(*) filter (where state = 'pruned'), 'seconds', coalesce(sum(duration_seconds), 0))
        from trials where experiment_id = e.experiment_id) as trials
     from training_runs r join experiments e using (training_run_id) where training_run_id = $1 and e.state = 'complete'`,
    [id],
  );
  const [run] = rows;
  if (!run) throw new Error(`training run ${id} has no experiment that is complete`, { cause: 'healing' });
  const { alert, trainingBegan, trainingEnded, steps, ...rest } = run;
  const at = (action: string): Date => {
    if (steps[action] === undefined) throw new Error(`training run ${id} has no ${action} in the audit trail`);
    return new Date(steps[action]);
  };
  const timeline = {
    ...{ alert, received: at('alert.received'), taken, trainingBegan, trainingEnded },
    ...{ compared: at('version.registered'), promoted: at('champion.promotion') },
  };
  return { ...rest, timeline, waited: steps['run.waiting'] !== undefined };
}
