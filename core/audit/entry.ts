/** What can be done to a model. `run.…` is a training run that entered a state, or was held by a guard in it. */
export type AuditAction =
  | 'alert.received'
  | `run.${string}`
  | 'dataset.built'
  | 'version.registered'
  | `champion.${'registration' | 'promotion' | 'rollback' | 'rebaseline'}`
  | 'model.paused'
  | 'model.resumed'
  | `rollout.${string}`
  | 'predictions.dropped';

/** One thing that was done, to be written down. */
export interface AuditEntry {
  /** Who or what did it: `trainer`, `webhook`, or a person with a command. */
  actor: string;
  action: AuditAction;
  modelName: string;
  modelVersion?: number | null;
  trainingRunId?: string | null;
  /** Why and with what; anything that JSON can hold. */
  details?: object;
}

/** A row of the trail. */
export interface AuditRow {
  /** From 1 on, without gaps. */
  sequence: number;
  /** To the millisecond. */
  recordedAt: Date;
  actor: string;
  action: string;
  modelName: string;
  modelVersion: number | null;
  trainingRunId: string | null;
  details: unknown;
  /** Of the row before; empty for the first. */
  previousHash: string;
  /** Of everything above. */
  hash: string;
}

/** The columns of a row under the names of `AuditRow`, for a select. */
export const AUDIT_COLUMNS = `sequence, recorded_at as "recordedAt", actor, action, model_name as "modelName",
  model_version as "modelVersion", training_run_id as "trainingRunId", details, previous_hash as "previousHash", hash`;
