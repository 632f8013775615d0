import { loadKeptFrom } from '../../core/postgres/kept-from.js';
import type { Queryable } from '../../core/postgres/pool.js';
import { visitRecords } from '../../core/spool/list-segments.js';
import { recordIds } from '../../core/spool/record.js';

/** Half-open range of the times in prediction ids. */
export interface CheckRange {
  from: Date;
  to: Date;
}

/** Row numbers of a spool that are neither stored nor in the spool, and the times of the rows around them. */
export interface Gap {
  spoolId: string;
  firstRow: number;
  endRow: number;
  after: Date;
  before: Date;
}

/** What became of the rows of a range. */
export interface CaptureCheck {
  /** Acknowledged rows: stored + spooled + missing. */
  accepted: number;
  stored: number;
  /** In the spool and not in Postgres. */
  spooled: number;
  /** Rows whose numbers are nowhere. */
  missing: number;
  gaps: Gap[];
  /** What of the range retention has removed, all of it stored before; undefined where nothing. */
  dropped?: { rows: number; until: Date };
  /** Batches that hold another number of rows than they were stored with. */
  wrongBatches: { batchId: string; claimed: number; found: number; storedAt: Date }[];
}

/** A piece of a spool's numbering that is accounted for. */
interface Piece {
  spoolId: string;
  firstRow: number;
  endRow: number;
  firstAt: Date;
  lastAt: Date;
}

/**
 * Holds Postgres and the spool folders against each other. A process numbers the rows it acknowledges from 0 without
 * gaps; what is stored is noted by these numbers, what is in the spool has them. A number that is nowhere is a lost row.
 * Rows at the very end of a spool, with nothing after them, leave no gap: those are found by the batches only.
 * Of days that retention has dropped the numbers are still there, and every one of them is looked for; their rows are not
 * counted as accepted or stored, and batches with rows of such a day are not counted again.
 * The spool is read first: a row that is shipped meanwhile is seen twice, never missed.
 */
export async function checkCapture(
  db: Queryable,
  spoolFolders: string[],
  { from, to }: CheckRange,
): Promise<CaptureCheck> {
  const inSpool = await readSpool(spoolFolders, { from, to });
  const dropped = await loadDropped(db, { from, to });
  const { rows: counted } = await db.query<{ stored: number }>(
    `select count(*) as stored from predictions where requested_at >= $1 and requested_at < $2 and source <> 'shadow'`,
    [from, to],
  );
  const known = await findStored(db, inSpool.ids);
  const parts = await readParts(db);
  const gaps = findGaps([...parts, ...inSpool.pieces]).filter((gap) => gap.after < to && gap.before >= from);
  const { rows: wrongBatches } = await db.query<CaptureCheck['wrongBatches'][number]>(
    `select b.batch_id as "batchId", b.row_count as claimed, count(p.prediction_id) as found, b.stored_at as "storedAt"
       from capture_batches b
       left join predictions p on p.batch_id = b.batch_id and p.model_name = b.model_name and p.model_version = b.model_version
        and p.requested_at >= b.first_requested_at and p.requested_at <= b.last_requested_at
      where b.last_requested_at >= $1 and b.first_requested_at < $2 and b.first_requested_at >= coalesce((select kept_from()), '-infinity')
      group by b.batch_id, b.model_name, b.model_version having count(p.prediction_id) <> b.row_count order by b.stored_at`,
    [from, to],
  );
  const stored = counted[0]!.stored;
  const spooled = inSpool.ids.length - known;
  const missing = gaps.reduce((sum, gap) => sum + gap.endRow - gap.firstRow, 0);
  const found = { accepted: stored + spooled + missing, stored, spooled, missing, gaps, wrongBatches };
  return dropped ? { ...found, dropped } : found;
}

/** The rows of the days of a range that retention has removed; a day that the range cuts counts whole. */
async function loadDropped(db: Queryable, { from, to }: CheckRange): Promise<CaptureCheck['dropped']> {
  const until = await loadKeptFrom(db);
  const { rows } = await db.query<{ rows: number | null }>(
    `select sum(row_count)::bigint as rows from dropped_days
      where (day + 1)::timestamp at time zone 'UTC' > $1 and day::timestamp at time zone 'UTC' < $2`,
    [from, to],
  );
  return until && rows[0]!.rows ? { rows: rows[0]!.rows, until } : undefined;
}

/** What is stored of each spool's numbering, neighbouring parts joined. */
async function readParts(db: Queryable): Promise<Piece[]> {
  const { rows } = await db.query<Piece>(
    `select spool_id::text as "spoolId", min(first_row) as "firstRow", max(end_row) as "endRow",
            min(first_requested_at) as "firstAt", max(last_requested_at) as "lastAt"
       from (select *, count(*) filter (where first_row > reached) over (partition by spool_id order by first_row) as island
               from (select *, max(end_row) over (partition by spool_id order by first_row
                                rows between unbounded preceding and 1 preceding) as reached
                       from capture_parts) as with_reached) as with_island
      group by spool_id, island`,
  );
  return rows;
}

async function readSpool(folders: string[], { from, to }: CheckRange): Promise<{ ids: string[]; pieces: Piece[] }> {
  // A segment that somebody copied has the same ids again.
  const ids = new Set<string>();
  const pieces: Piece[] = [];
  for (const folder of folders) {
    await visitRecords(folder, (record, spoolId) => {
      const { firstRow, rows, firstMs, lastMs } = record;
      pieces.push({ spoolId, firstRow, endRow: firstRow + rows, firstAt: new Date(firstMs), lastAt: new Date(lastMs) });
      if (lastMs < from.getTime() || firstMs >= to.getTime()) return;
      for (const id of recordIds(record)) {
        const ms = timeOf(id);
        if (ms >= from.getTime() && ms < to.getTime()) ids.add(id);
      }
    });
  }
  return { ids: [...ids], pieces };
}

const ASKED_AT_ONCE = 10_000;

/** How many of the ids are stored. */
async function findStored(db: Queryable, ids: string[]): Promise<number> {
  let known = 0;
  for (let at = 0; at < ids.length; at += ASKED_AT_ONCE) {
    const some = ids.slice(at, at + ASKED_AT_ONCE);
    const { rows } = await db.query<{ known: number }>(
      `select count(*) as known from unnest($1::uuid[], $2::timestamptz[]) as t (id, at)
         join predictions p on p.prediction_id = t.id and p.requested_at = t.at`,
      [some, some.map((id) => new Date(timeOf(id)))],
    );
    known += rows[0]!.known;
  }
  return known;
}

/** The holes between the pieces of each spool, its beginning at 0 among them. Pieces may overlap. */
function findGaps(pieces: Piece[]): Gap[] {
  const gaps: Gap[] = [];
  pieces.sort((a, b) => (a.spoolId === b.spoolId ? a.firstRow - b.firstRow : a.spoolId < b.spoolId ? -1 : 1));
  let before: Piece | undefined;
  for (const piece of pieces) {
    const same = before?.spoolId === piece.spoolId ? before : undefined;
    const reached = same?.endRow ?? 0;
    if (piece.firstRow > reached) {
      const after = same?.lastAt ?? new Date(timeOf(piece.spoolId));
      gaps.push({ spoolId: piece.spoolId, firstRow: reached, endRow: piece.firstRow, after, before: piece.firstAt });
    }
    if (piece.endRow > reached || !same) before = piece;
  }
  return gaps;
}

/** Milliseconds since 1970 in a UUID v7; a spool's own id has the time of its start. */
function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
