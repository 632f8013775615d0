import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packagePath } from '../../../core/package-path.js';
import { startV2Service } from './harness.js';

const PYTHON = packagePath('.cache/python-clients/bin/python');
const run = promisify(execFile);

test.runIf(process.env.CI)('the Python clients are installed', () => {
  expect(existsSync(PYTHON), 'install them with: bash test/service/v2/install-clients.sh').toBe(true);
});

describe.skipIf(!existsSync(PYTHON))('as a black box', () => {
  let running: Awaited<ReturnType<typeof startV2Service>>;
  beforeAll(async () => {
    running = await startV2Service();
  });
  afterAll(() => running.close());

  test.each([
    ['tritonclient', 'drive_tritonclient.py', 5_080],
    ['the KServe client', 'drive_kserve.py', 27],
  ])(
    '%s gets what it asks for, and all of it is stored',
    async (_, script, rowsAnswered) => {
      const path = packagePath(`test/service/v2/${script}`);
      const { stdout } = await run(PYTHON, [path, `127.0.0.1:${running.service.port}`], { maxBuffer: 2 ** 24 });
      const ids = JSON.parse(stdout) as string[];
      expect(ids).toHaveLength(rowsAnswered);
      await running.service.stored();
      const { rows } = await running.pool.query(
        'select count(distinct prediction_id)::int as n from predictions where prediction_id = any($1)',
        [ids],
      );
      expect(rows[0].n).toBe(ids.length);
    },
    120_000,
  );
});
