import { createHash } from 'node:crypto';
import type { AuditRow } from './entry.js';

/**
 * SHA-256, in hex, of a row without its own hash: its columns in order as one JSON array, the keys of objects sorted, since
 * jsonb keeps no order of keys.
 */
export function auditHash(row: Omit<AuditRow, 'hash'>): string {
  const content = [
    row.sequence,
    row.recordedAt.toISOString(),
    row.actor,
    row.action,
    row.modelName,
    row.modelVersion,
    row.trainingRunId,
    sortKeys(row.details),
    row.previousHash,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
