import { copyText } from '../../core/postgres/copy.js';
import { type Client, type Pool, withClient, withTransaction } from '../../core/postgres/pool.js';
import type { SpoolRecord } from '../../core/spool/record.js';
import type { Part } from './read-part.js';

/** How many rows of a part are new to Postgres, and how many it had. */
export interface StoredPart {
  stored: number;
  duplicates: number;
}

/** A batch as the monitor reads it: the rows of one model version that one transaction stored. */
interface Batch {
  batchId: string;
  modelName: string;
  modelVersion: number;
  rows: number;
  firstMs: number;
  lastMs: number;
}

const UNIQUE_VIOLATION = '23505';

/**
 * Stores a part in one transaction: its rows, a row of `capture_batches` a model version, and one of `capture_parts`.
 * Rows go straight into the table, where the primary key finds a row that is there already; only then the part goes
 * through a temporary table, which leaves out what is stored.
 */
export function createStorePart(options: {
  pool: Pool;
  newId: () => string;
  timeoutMs: number;
}): (part: Part) => Promise<StoredPart> {
  const { pool, newId, timeoutMs } = options;
  return async (part) => {
    const batches = batchesOf(part.records, newId);
    try {
      await withClient(pool, (client) => storeNew(client, part, batches), { timeoutMs });
      return { stored: part.rows, duplicates: 0 };
    } catch (error) {
      if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
      const stored = await withTransaction(pool, (client) => storeMissing(client, part, batches), { timeoutMs });
      return { stored, duplicates: part.rows - stored };
    }
  };
}

/** Statements of one message are one transaction, in two round trips. */
async function storeNew(client: Client, part: Part, batches: Map<string, Batch>): Promise<void> {
  const values = [...batches.values()].map(
    ({ batchId, modelName, modelVersion, rows, firstMs, lastMs }) =>
      `(${[batchId, modelName, String(modelVersion), String(rows), iso(firstMs), iso(lastMs)].map((value) => client.escapeLiteral(value)).join(', ')})`,
  );
  const before = `insert into capture_batches
      (batch_id, model_name, model_version, row_count, first_requested_at, last_requested_at)
    values ${values.join(', ')};
    ${insertPart(client, part)}`;
  await copyText(client, `predictions (${part.columns}, batch_id)`, linesOf(part.records, batches), before);
}

/** @returns rows that were not there */
async function storeMissing(client: Client, part: Part, batches: Map<string, Batch>): Promise<number> {
  await client.query('create temp table shipped (like predictions including defaults) on commit drop');
  await copyText(client, `shipped (${part.columns}, batch_id)`, linesOf(part.records, batches));
  const { rows } = await client.query<{ stored: number }>(
    `with added as (
       insert into predictions select * from shipped on conflict do nothing
       returning batch_id, model_name, model_version, requested_at
     ), batches as (
       insert into capture_batches
         (batch_id, model_name, model_version, row_count, first_requested_at, last_requested_at)
       select batch_id, model_name, model_version, count(*), min(requested_at), max(requested_at)
         from added group by batch_id, model_name, model_version
     )
     select count(*) as stored from added`,
  );
  await client.query(insertPart(client, part));
  return rows[0]!.stored;
}

/** One range of row numbers, or more where a damaged record lies between. */
function insertPart(client: Client, { spoolId, records }: Part): string {
  const ranges: { first: number; end: number; firstMs: number; lastMs: number }[] = [];
  for (const { firstRow, rows, firstMs, lastMs } of records) {
    const range = ranges.at(-1);
    if (range?.end !== firstRow) {
      ranges.push({ first: firstRow, end: firstRow + rows, firstMs, lastMs });
      continue;
    }
    range.end += rows;
    range.firstMs = Math.min(range.firstMs, firstMs);
    range.lastMs = Math.max(range.lastMs, lastMs);
  }
  const spool = client.escapeLiteral(spoolId);
  const values = ranges.map((r) => `(${spool}, ${r.first}, ${r.end}, '${iso(r.firstMs)}', '${iso(r.lastMs)}')`);
  return `insert into capture_parts (spool_id, first_row, end_row, first_requested_at, last_requested_at)
    values ${values.join(', ')}
    on conflict (spool_id, first_row) do update
       set end_row = greatest(capture_parts.end_row, excluded.end_row),
           last_requested_at = greatest(capture_parts.last_requested_at, excluded.last_requested_at)`;
}

function batchesOf(records: SpoolRecord[], newId: () => string): Map<string, Batch> {
  const batches = new Map<string, Batch>();
  for (const record of records) {
    const { modelName, modelVersion, rows, firstMs, lastMs } = record;
    const batch = batches.get(keyOf(record));
    if (!batch) {
      batches.set(keyOf(record), { batchId: newId(), modelName, modelVersion, rows, firstMs, lastMs });
      continue;
    }
    batch.rows += rows;
    batch.firstMs = Math.min(batch.firstMs, firstMs);
    batch.lastMs = Math.max(batch.lastMs, lastMs);
  }
  return batches;
}

function keyOf({ modelName, modelVersion }: SpoolRecord): string {
  return `${modelName}\t${modelVersion}`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Text put together in one turn of the event loop: well under a millisecond of work. */
const PIECE_BYTES = 65_536;

/** The lines with the batch as their last field. Read byte by byte as Latin-1: a newline ends a line, whatever the text. */
async function* linesOf(records: SpoolRecord[], batches: Map<string, Batch>): AsyncGenerator<Buffer, void> {
  let text = '';
  for (const record of records) {
    const end = `\t${batches.get(keyOf(record))!.batchId}\n`;
    // A large request is cut at line ends.
    for (let from = 0; from < record.text.length; ) {
      const to = record.text.indexOf(10, Math.min(from + PIECE_BYTES, record.text.length - 1)) + 1;
      text += record.text.toString('latin1', from, to).replaceAll('\n', end);
      from = to;
      if (text.length < PIECE_BYTES) continue;
      yield Buffer.from(text, 'latin1');
      text = '';
      await new Promise(setImmediate);
    }
  }
  if (text !== '') yield Buffer.from(text, 'latin1');
}
