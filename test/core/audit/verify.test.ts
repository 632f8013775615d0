import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { appendAudit } from '../../../core/audit/append.js';
import { verifyAudit } from '../../../core/audit/verify.js';
import { type Client, type Pool, withTransaction } from '../../../core/postgres/pool.js';
import { createDatabase } from '../../helpers/postgres.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** Someone with every right, past the trigger. */
async function tamper(...statements: string[]): Promise<void> {
  await database.pool.query('alter table audit disable trigger user');
  for (const statement of statements) await database.pool.query(statement);
  await database.pool.query('alter table audit enable trigger user');
}

async function add(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const details = {
      reason: `reason ${i}`,
      numbers: [0.1 + 0.2, 1e-9, 1e21, -0],
      b: { z: 1, a: null },
      at: new Date(i),
    };
    const entry = { actor: 'trainer', action: 'run.kept', modelName: 'wine', modelVersion: i, details } as const;
    await withTransaction(database.pool, (client) => appendAudit(client, [entry]));
  }
}

beforeEach(async () => {
  await tamper('delete from audit', `update audit_head set sequence = 0, hash = ''`);
  await add(6);
});

test('finds nothing wrong with an untouched trail, and gives its end', async () => {
  const report = await verifyAudit(database.pool);
  expect(report).toMatchObject({ rows: 6, problems: [] });
  expect(report.head).toMatch(/^[0-9a-f]{64}$/);
  await add(1);
  expect(await verifyAudit(database.pool, { head: report.head })).toMatchObject({ rows: 7, problems: [] });
});

test('what is appended while it is read is no problem', async () => {
  const appending = {
    connect: async () => {
      const client = await database.pool.connect();
      const query = async (text: string, values?: unknown[]) => {
        const answer = await client.query(text, values);
        // Between the last page and the look at where the trail ends.
        if (text.includes('from audit where sequence')) await add(1);
        return answer;
      };
      const [on, off] = [client.on.bind(client), client.off.bind(client)];
      return { query, on, off, release: () => client.release() } as unknown as Client;
    },
  } as Pool;
  expect(await verifyAudit(appending)).toMatchObject({ rows: 6, problems: [] });
  expect(await verifyAudit(database.pool)).toMatchObject({ rows: 7, problems: [] });
});

test.each([
  ['a reason', `details = jsonb_set(details, '{reason}', '"another"')`],
  ['who it was', `actor = 'someone else'`],
  ['the version', 'model_version = 9'],
  ['the time', `recorded_at = recorded_at + interval '1 millisecond'`],
])('finds a row in which %s was changed', async (_, change) => {
  await tamper(`update audit set ${change} where sequence = 3`);
  expect((await verifyAudit(database.pool)).problems).toEqual([
    'row 3 was changed: its hash is not that of its content',
  ]);
});

test.each([
  ['the first', 'sequence = 1', 'row 1 is missing'],
  ['one in the middle', 'sequence = 3', 'row 3 is missing'],
  ['several', 'sequence in (3, 4)', 'rows 3 to 4 are missing'],
  ['the last', 'sequence = 6', 'row 6 is missing'],
  ['all', 'true', 'rows 1 to 6 are missing'],
])('finds that rows were removed: %s', async (_, which, problem) => {
  await tamper(`delete from audit where ${which}`);
  expect((await verifyAudit(database.pool)).problems).toEqual([problem]);
});

test('finds rows that changed places', async () => {
  await tamper(
    'update audit set sequence = 100 where sequence = 2',
    'update audit set sequence = 2 where sequence = 4',
    'update audit set sequence = 4 where sequence = 100',
  );
  const { problems } = await verifyAudit(database.pool);
  expect(problems).toContain('row 2 does not follow row 1: it was written after one with another hash');
  expect(problems).toContain('row 2 was changed: its hash is not that of its content');
  expect(problems).toContain('row 4 was changed: its hash is not that of its content');
});

test('finds a trail that was written anew, by an end that was kept elsewhere', async () => {
  const { head } = await verifyAudit(database.pool);
  await tamper('delete from audit', `update audit_head set sequence = 0, hash = ''`);
  await add(6);
  expect((await verifyAudit(database.pool)).problems).toEqual([]);
  expect((await verifyAudit(database.pool, { head })).problems).toEqual([
    `no row has the hash ${head}, which was the end of the trail once`,
  ]);
});

test('rows cannot be changed or removed by accident', async () => {
  for (const statement of ['update audit set actor = 1', 'delete from audit', 'truncate audit']) {
    await expect(database.pool.query(statement)).rejects.toThrow('never changed or removed');
  }
});

test('entries of transactions at once stand one after the other, those of one that failed nowhere', async () => {
  const append = (fails: boolean) =>
    withTransaction(database.pool, async (client) => {
      const entry = { actor: 'trainer', action: 'run.kept', modelName: 'wine' } as const;
      await appendAudit(client, [entry, entry]);
      if (fails) throw new Error('on purpose');
    }).catch(() => undefined);
  await Promise.all(Array.from({ length: 12 }, (_, i) => append(i % 3 === 0)));
  expect(await verifyAudit(database.pool)).toMatchObject({ rows: 6 + 16, problems: [] });
});

test('finds a champion that was moved without an entry', async () => {
  await database.pool.query(`insert into models (model_name) values ('moved')`);
  const entry = { actor: 'someone', action: 'champion.promotion', modelName: 'moved', modelVersion: 2 } as const;
  await withTransaction(database.pool, (client) => appendAudit(client, [entry]));
  expect((await verifyAudit(database.pool)).problems).toEqual([
    'the champion of moved is version none, the last entry made it version 2',
  ]);
  await database.pool.query(`delete from models where model_name = 'moved'`);
});
