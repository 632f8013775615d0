import type { Queryable } from '../postgres/pool.js';
import { AUDIT_COLUMNS, type AuditRow } from './entry.js';

/** The newest rows of the trail about a model, newest first. */
export async function listModelAudit(db: Queryable, modelName: string, limit: number): Promise<AuditRow[]> {
  const { rows } = await db.query<AuditRow>(
    `select ${AUDIT_COLUMNS} from audit where model_name = $1 order by sequence desc limit $2`,
    [modelName, limit],
  );
  return rows;
}

/**
 * The newest row of the trail that moved a model: its champion, a rollout, a pause, or a guard that was let pass. What a
 * retraining does on its way is no move.
 */
export async function findNewestMove(db: Queryable, modelName: string): Promise<AuditRow | undefined> {
  const { rows } = await db.query<AuditRow>(
    `select ${AUDIT_COLUMNS} from audit
     where model_name = $1 and (action ~ '^(champion|model|rollout)[.]' or action = 'run.overridden')
     order by sequence desc limit 1`,
    [modelName],
  );
  return rows[0];
}

/** The sequence of that row; 0 where there is none. */
export async function loadNewestMove(db: Queryable, modelName: string): Promise<number> {
  return (await findNewestMove(db, modelName))?.sequence ?? 0;
}

/** All rows of the trail about a training run, oldest first. */
export async function listRunAudit(db: Queryable, trainingRunId: string): Promise<AuditRow[]> {
  const { rows } = await db.query<AuditRow>(
    `select ${AUDIT_COLUMNS} from audit where training_run_id = $1 order by sequence`,
    [trainingRunId],
  );
  return rows;
}
