import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Alert } from '../../../core/alerts/payload.js';
import type { Pool } from '../../../core/postgres/pool.js';
import { receiveAlerts } from '../../../trainer/alerts/receive-alerts.js';
import { createDatabase } from '../../helpers/postgres.js';
import { driftAlert, startTestTrainer } from '../harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
  // Brings the tables of the queue; closed again so that jobs stay where they are.
  await (await startTestTrainer(database.url)).close();
});
afterAll(() => database.drop());

function group(name: string, size: number, change: Partial<Alert> = {}): Alert[] {
  return Array.from({ length: size }, (_, i) => driftAlert(`${name}-${i}`, 1, change));
}

async function count(table: string): Promise<number> {
  const { rows } = await database.pool.query(`select count(*)::int as n from ${table}`);
  return rows[0].n;
}

/** Receives alerts. @returns the runs, and how many statements that took */
async function receive(alerts: Alert[]) {
  const client = await database.pool.connect();
  const query = vi.spyOn(client, 'query');
  const runs = await receiveAlerts({ connect: async () => client } as unknown as Pool, { alerts }, alerts);
  const statements = query.mock.calls.length;
  query.mockRestore();
  return { runs, statements };
}

test('a thousand alerts take as many statements as one, when they fire and when they are resolved', async () => {
  const one = await receive(group('one', 1));
  const many = await receive(group('many', 1000));
  expect(many.statements).toBe(one.statements);
  expect(many.runs.filter((run) => run.created && run.state === 'queued')).toHaveLength(1000);
  expect(await count('graphile_worker.jobs')).toBe(1001);

  const oneEnded = await receive(group('one', 1, { status: 'resolved' }));
  const manyEnded = await receive(group('many', 1000, { status: 'resolved' }));
  expect(manyEnded.statements).toBe(oneEnded.statements);
  expect(manyEnded.runs.filter((run) => run.entered && run.state === 'cancelled')).toHaveLength(1000);
  expect(await count('graphile_worker.jobs')).toBe(0);
});

test('groups that overlap, in whatever order and at once, leave one run and one job an alert', async () => {
  const alerts = group('both', 200);
  const received = await Promise.all(
    [alerts, alerts.toReversed(), alerts, alerts.toReversed()].map((given) =>
      receiveAlerts(database.pool, { alerts: given }, given),
    ),
  );
  expect(received.flat().filter((run) => run.created)).toHaveLength(200);
  expect(await count('graphile_worker.jobs')).toBe(200);
});
