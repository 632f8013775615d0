import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packagePath } from '../../../core/package-path.js';
import { LOCKS } from '../../../core/postgres/locks.js';
import { withModelLock } from '../../../monitor/lock.js';
import { holdWorkerLock } from '../../../trainer/jobs/worker-lock.js';
import { createDatabase } from '../../helpers/postgres.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test('every advisory lock has a number of its own', () => {
  const numbers = Object.values(LOCKS);
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('no other file has the number of a lock', () => {
  const files = ['core', 'monitor', 'service', 'trainer', 'traffic', 'cli'].flatMap((folder) =>
    readdirSync(packagePath(folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') || name.endsWith('.sql'))
      .map((name) => join(folder, name)),
  );
  const found = files.filter((file) => /7_?586_?2\d\d/.test(readFileSync(packagePath(file), 'utf8')));
  expect(found).toEqual([join('core', 'postgres', 'locks.ts')]);
});

test('a worker with the name of a model does not keep the monitor from it', async () => {
  const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const lock = await holdWorkerLock({ pool: database.pool, workerId: 'wine', logger });
  expect(await withModelLock(database.pool, 'wine', async () => undefined)).toBe(true);
  await lock.release();
});
