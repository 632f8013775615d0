import { type Pool, type Queryable, withTransaction } from '../postgres/pool.js';
import { AUDIT_COLUMNS, type AuditRow } from './entry.js';
import { auditHash } from './hash.js';

/** What a check of the trail found. */
export interface AuditReport {
  rows: number;
  /** Hash of the last row; empty without one. To be kept elsewhere: with it even a trail written anew is found out. */
  head: string;
  /** In words; none where the trail is whole. */
  problems: string[];
}

const PAGE_ROWS = 1_000;

/**
 * Checks the trail from its first row to its end: numbers without gaps, each row holding the hash of the one before, each hash
 * that of its row, the end where it was left, and each model's champion where the last entry about it moved it to. All of it
 * is read as of one moment, so that what is appended meanwhile does not look like a trail that was tampered with.
 * @param options.head  a hash that an earlier check gave: a row has to have it
 */
export async function verifyAudit(pool: Pool, options: { head?: string } = {}): Promise<AuditReport> {
  return withTransaction(pool, async (client) => {
    await client.query('set transaction isolation level repeatable read, read only');
    return verifySnapshot(client, options);
  });
}

async function verifySnapshot(db: Queryable, options: { head?: string }): Promise<AuditReport> {
  const problems: string[] = [];
  let last = { sequence: 0, hash: '' };
  let headSeen = options.head === undefined || options.head === '';
  let count = 0;
  for (;;) {
    const { rows } = await db.query<AuditRow>(
      `select ${AUDIT_COLUMNS} from audit where sequence > $1 order by sequence limit ${PAGE_ROWS}`,
      [last.sequence],
    );
    for (const row of rows) {
      problems.push(...rowProblems(row, last));
      if (row.hash === options.head) headSeen = true;
      last = { sequence: row.sequence, hash: row.hash };
    }
    count += rows.length;
    if (rows.length < PAGE_ROWS) break;
  }
  problems.push(...(await endProblems(db, last)));
  if (!headSeen) problems.push(`no row has the hash ${options.head}, which was the end of the trail once`);
  problems.push(...(await championProblems(db)));
  return { rows: count, head: last.hash, problems };
}

function rowProblems(row: AuditRow, before: { sequence: number; hash: string }): string[] {
  const problems: string[] = [];
  const expected = before.sequence + 1;
  if (row.sequence !== expected) problems.push(missing(expected, row.sequence - 1));
  else if (row.previousHash !== before.hash) {
    problems.push(
      `row ${row.sequence} does not follow row ${before.sequence}: it was written after one with another hash`,
    );
  }
  if (auditHash(row) !== row.hash)
    problems.push(`row ${row.sequence} was changed: its hash is not that of its content`);
  return problems;
}

async function endProblems(db: Queryable, last: { sequence: number; hash: string }): Promise<string[]> {
  const { rows } = await db.query<{ sequence: number; hash: string }>('select sequence, hash from audit_head');
  const head = rows[0];
  if (!head) return ['audit_head is empty: where the trail ends is not known'];
  if (head.sequence > last.sequence) return [missing(last.sequence + 1, head.sequence)];
  if (head.sequence < last.sequence || head.hash !== last.hash) {
    return [
      `the trail ends with row ${last.sequence}, which is not the end that audit_head holds (row ${head.sequence})`,
    ];
  }
  return [];
}

function missing(from: number, to: number): string {
  return from === to ? `row ${from} is missing` : `rows ${from} to ${to} are missing`;
}

/** Champions that were moved without an entry. Models that are older than the trail have none. */
async function championProblems(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ modelName: string; champion: number | null; recorded: number }>(
    `select model_name as "modelName", champion_version as champion, last.model_version as recorded
     from models join lateral (select model_version from audit
       where audit.model_name = models.model_name and action like 'champion.%' order by sequence desc limit 1) last on true
     where champion_version is distinct from last.model_version order by model_name`,
  );
  return rows.map(
    ({ modelName, champion, recorded }) =>
      `the champion of ${modelName} is version ${champion ?? 'none'}, the last entry made it version ${recorded}`,
  );
}
