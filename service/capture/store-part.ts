import { copyTuples } from '../../core/postgres/copy-tuples.js';
import { type Client, type Pool, withClient, withTransaction } from '../../core/postgres/pool.js';
import type { SpoolRecord } from '../../core/spool/record.js';
import { leaveOutDropped } from './leave-out-dropped.js';
import type { Part } from './read-part.js';

/** How many rows of a part are new to Postgres, and how many it had. */
export interface StoredPart {
  stored: number;
  duplicates: number;
}

/** The rows of one model version in a part: a batch as the monitor reads it, or a range of a spool's numbers. */
interface Extent {
  rows: number;
  firstMs: number;
  lastMs: number;
}

const UNIQUE_VIOLATION = '23505';

/** Retention keeps a day at least; clocks may be as far apart as the other half. */
const OLD_MS = 43_200_000;

/**
 * Stores a part in one transaction: its rows, a row of `capture_batches` a model version, and its numbers in
 * `capture_parts`. Rows go straight into the table, where the primary key finds a row that is there already; only then
 * the part goes through a temporary table, which leaves out what is stored. Of a part with old rows, those that retention has
 * dropped meanwhile are left out first.
 */
export function createStorePart(options: {
  pool: Pool;
  newId: () => string;
  now: () => number;
  timeoutMs: number;
}): (part: Part) => Promise<StoredPart> {
  const { pool, newId, now, timeoutMs } = options;
  return async (part) => {
    const batchId = newId();
    const oldest = now() - OLD_MS;
    const old = part.records.some(({ firstMs }) => firstMs < oldest);
    const storeBy = (way: typeof storeNew) => async (client: Client) => {
      const kept = old ? await leaveOutDropped(client, part) : part;
      return kept.rows === 0 ? 0 : way(client, kept, batchId);
    };
    const result = (stored: number): StoredPart => ({ stored, duplicates: part.rows - stored });
    try {
      return result(await (old ? withTransaction : withClient)(pool, storeBy(storeNew), { timeoutMs }));
    } catch (error) {
      if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
      return result(await withTransaction(pool, storeBy(storeMissing), { timeoutMs }));
    }
  };
}

/** Statements of one message are one transaction, in two round trips. @returns rows stored: all, or it throws */
async function storeNew(client: Client, part: Part, batchId: string): Promise<number> {
  const before = [nameBatch(client, batchId), insertBatches(client, part, batchId), notePart(client, part)].join(';\n');
  await copyTuples(client, `predictions (${part.columns})`, tuplesOf(part.records), before);
  return part.rows;
}

/** @returns rows that were not there */
async function storeMissing(client: Client, part: Part, batchId: string): Promise<number> {
  await client.query(notePart(client, part));
  await client.query('create temp table shipped (like predictions including defaults) on commit drop');
  await copyTuples(client, `shipped (${part.columns})`, tuplesOf(part.records), nameBatch(client, batchId));
  const { rows } = await client.query<{ stored: number }>(
    `with added as (
       insert into predictions select * from shipped on conflict do nothing
       returning batch_id, model_name, model_version, requested_at, source
     ), batches as (
       insert into capture_batches
         (batch_id, model_name, model_version, row_count, live_row_count, first_requested_at, last_requested_at)
       select batch_id, model_name, model_version, count(*), count(*) filter (where source = 'live'), min(requested_at), max(requested_at)
         from added group by batch_id, model_name, model_version
     )
     select count(*) as stored from added`,
  );
  return rows[0]!.stored;
}

/** The default of `predictions.batch_id`, for this transaction: so the rows go through untouched. */
function nameBatch(client: Client, batchId: string): string {
  return `set local plumbline.batch_id = ${client.escapeLiteral(batchId)}`;
}

function insertBatches(client: Client, part: Part, batchId: string): string {
  const batches = new Map<string, Extent & Pick<SpoolRecord, 'modelName' | 'modelVersion'> & { live: number }>();
  for (const record of part.records) {
    const key = `${record.modelName}\t${record.modelVersion}`;
    const batch = batches.get(key);
    const live = record.source === 'live' ? record.rows : 0;
    if (batch) {
      extend(batch, record);
      batch.live += live;
    } else batches.set(key, { ...record, live });
  }
  const values = [...batches.values()].map(({ modelName, modelVersion, rows, live, firstMs, lastMs }) => {
    const [id, model] = [batchId, modelName].map((text) => client.escapeLiteral(text));
    return `(${id}, ${model}, ${modelVersion}, ${rows}, ${live}, '${iso(firstMs)}', '${iso(lastMs)}')`;
  });
  return `insert into capture_batches
      (batch_id, model_name, model_version, row_count, live_row_count, first_requested_at, last_requested_at)
    values ${values.join(', ')}`;
}

/**
 * Notes the row numbers of a part: one range, or more where a damaged record lies between. A range that begins where
 * another ends makes that one longer, so a spool that loses nothing has one row however long its process lives.
 */
function notePart(client: Client, { spoolId, records }: Part): string {
  const ranges: (Extent & { firstRow: number })[] = [];
  for (const record of records) {
    const range = ranges.at(-1);
    if (range && range.firstRow + range.rows === record.firstRow) extend(range, record);
    else ranges.push({ ...record });
  }
  const spool = client.escapeLiteral(spoolId);
  const notes = ranges.map(({ firstRow, rows, firstMs, lastMs }) => {
    const endRow = firstRow + rows;
    return `with joined as (
        update capture_parts
           set end_row = greatest(end_row, ${endRow}), stored_at = now(),
               first_requested_at = least(first_requested_at, '${iso(firstMs)}'),
               last_requested_at = greatest(last_requested_at, '${iso(lastMs)}')
         where spool_id = ${spool} and first_row <= ${firstRow} and end_row >= ${firstRow} returning 1)
      insert into capture_parts (spool_id, first_row, end_row, first_requested_at, last_requested_at)
      select ${spool}, ${firstRow}, ${endRow}, '${iso(firstMs)}', '${iso(lastMs)}'
       where not exists (select from joined)
      on conflict (spool_id, first_row) do update
         set end_row = greatest(capture_parts.end_row, excluded.end_row),
             last_requested_at = greatest(capture_parts.last_requested_at, excluded.last_requested_at)`;
  });
  return notes.join(';\n');
}

function extend(extent: Extent, { rows, firstMs, lastMs }: SpoolRecord): void {
  extent.rows += rows;
  extent.firstMs = Math.min(extent.firstMs, firstMs);
  extent.lastMs = Math.max(extent.lastMs, lastMs);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Bytes put together in one turn of the event loop: well under a millisecond of work. */
const PIECE_BYTES = 262_144;

/** The rows of the records, in pieces: many small records together, a large one as it is. */
async function* tuplesOf(records: SpoolRecord[]): AsyncGenerator<Buffer, void> {
  let piece: Buffer[] = [];
  let bytes = 0;
  for (const { tuples } of records) {
    piece.push(tuples);
    bytes += tuples.length;
    if (bytes < PIECE_BYTES) continue;
    yield Buffer.concat(piece);
    piece = [];
    bytes = 0;
    await new Promise(setImmediate);
  }
  if (bytes > 0) yield Buffer.concat(piece);
}
