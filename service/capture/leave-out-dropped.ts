import { loadKeptFrom } from '../../core/postgres/kept-from.js';
import { LOCKS } from '../../core/postgres/locks.js';
import type { Client } from '../../core/postgres/pool.js';
import { recordIds, type SpoolRecord, splitRows } from '../../core/spool/record.js';
import { idMilliseconds } from '../new-id.js';
import type { Part } from './read-part.js';

/** Row numbers that are stored, the end not included. */
interface Range {
  firstRow: number;
  endRow: number;
}

/**
 * A part without the rows that were stored once and that retention has dropped since: nothing in `predictions` tells any more
 * that they are sent twice, but their numbers do. Rows of a dropped day that were never stored stay: they are stored late,
 * counted by the monitor, and dropped by the next run of retention. Shares retention's lock until the caller's transaction
 * ends, so that no day is dropped between this look and the storing.
 */
export async function leaveOutDropped(client: Client, part: Part): Promise<Part> {
  await client.query('select pg_advisory_xact_lock_shared($1)', [LOCKS.retention]);
  const keptFrom = (await loadKeptFrom(client))?.getTime();
  if (keptFrom === undefined || part.records.every(({ firstMs }) => firstMs >= keptFrom)) return part;
  const { rows: stored } = await client.query<Range>(
    'select first_row as "firstRow", end_row as "endRow" from capture_parts where spool_id = $1',
    [part.spoolId],
  );
  const isDropped = (row: SpoolRecord): boolean =>
    idMilliseconds(recordIds(row)[0]!) < keptFrom &&
    stored.some(({ firstRow, endRow }) => row.firstRow >= firstRow && row.firstRow < endRow);
  const records = part.records.flatMap((record) => {
    if (record.firstMs >= keptFrom) return [record];
    const kept = splitRows(record).filter((row) => !isDropped(row));
    return kept.length === record.rows ? [record] : kept;
  });
  return { ...part, records, rows: records.reduce((sum, { rows }) => sum + rows, 0) };
}
