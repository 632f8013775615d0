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

/** All rows of the trail about a training run, oldest first. */
export async function listRunAudit(db: Queryable, trainingRunId: string): Promise<AuditRow[]> {
  const { rows } = await db.query<AuditRow>(
    `select ${AUDIT_COLUMNS} from audit where training_run_id = $1 order by sequence`,
    [trainingRunId],
  );
  return rows;
}
