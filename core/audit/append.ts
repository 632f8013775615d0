import type { Client } from '../postgres/pool.js';
import type { AuditEntry, AuditRow } from './entry.js';
import { auditHash } from './hash.js';

/**
 * Adds entries to the trail inside the caller's transaction, in two statements however many they are. The head of the trail
 * stays locked until that transaction ends: call it last, after every other lock (models, then runs) has been taken.
 */
export async function appendAudit(client: Client, entries: AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const { rows } = await client.query<{ sequence: number; hash: string; at: Date }>(
    `select sequence, hash, date_trunc('milliseconds', clock_timestamp()) as at from audit_head for update`,
  );
  const head = rows[0];
  if (!head) throw new Error('audit_head is empty: the audit trail has lost its end; restore the table from a backup');
  let { sequence, hash } = head;
  const added = entries.map((entry): AuditRow => {
    const row = toRow(entry, { sequence: ++sequence, recordedAt: head.at, previousHash: hash });
    hash = auditHash(row);
    return { ...row, hash };
  });
  await client.query(
    `with added as (
       insert into audit (sequence, recorded_at, actor, action, model_name, model_version, training_run_id, details, previous_hash, hash)
       select sequence, "recordedAt", actor, action, "modelName", "modelVersion", "trainingRunId", details, "previousHash", hash
       from jsonb_to_recordset($1) as given (sequence bigint, "recordedAt" timestamptz, actor text, action text, "modelName" text,
         "modelVersion" integer, "trainingRunId" uuid, details jsonb, "previousHash" text, hash text))
     update audit_head set sequence = $2, hash = $3`,
    [JSON.stringify(added), sequence, hash],
  );
}

function toRow(
  entry: AuditEntry,
  place: Pick<AuditRow, 'sequence' | 'recordedAt' | 'previousHash'>,
): Omit<AuditRow, 'hash'> {
  const { actor, action, modelName, modelVersion = null, trainingRunId = null, details = {} } = entry;
  // As it will be read back: without what JSON leaves out, and with instants as text.
  const plain: unknown = JSON.parse(JSON.stringify(details));
  return { ...place, actor, action, modelName, modelVersion, trainingRunId, details: plain };
}
