import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { packagePath } from '../../../core/package-path.js';
import { createStackPlace, plumbline } from '../../helpers/stack.js';
import { until } from '../../helpers/until.js';

/** `FUZZ_SECONDS=20 npx vitest run --project end-to-end test/end-to-end/fuzz`; CI gives it five minutes. */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 0);
const SEED = process.env.FUZZ_SEED ?? '4';
const FOLDER = packagePath('test/end-to-end/fuzz');
const SCHEMATHESIS = packagePath('.cache/fuzz/bin/schemathesis');
const KNOWN_PREDICTIONS = 100;
const run = promisify(execFile);

test.runIf(SECONDS > 0)(
  `schemathesis finds nothing in ${SECONDS} seconds: no 5xx, no hang, every answer as described, every row kept`,
  async () => {
    expect(existsSync(SCHEMATHESIS), 'install it with: bash test/end-to-end/fuzz/install.sh').toBe(true);
    const place = await createStackPlace();
    const stack = plumbline(['up'], place.environment);
    try {
      const address = `http://127.0.0.1:${place.servicePort}`;
      const text = (path: string): Promise<string> => fetch(`${address}${path}`).then((response) => response.text());
      const ready = () => fetch(`${address}/v2/health/ready`).then((response) => response.ok);
      await until('the service to be ready', ready, 120_000);
      // Requests by route and status, of this process.
      const answered = async (status: string): Promise<string[]> =>
        (await text('/metrics'))
          .split('\n')
          .filter(
            (line) => /^http_request_duration_seconds_count/.test(line) && line.includes(`status_code="${status}`),
          );
      const started = /^process_start_time_seconds .*$/m.exec(await text('/metrics'))![0];
      const failedBefore = await answered('5');

      const { stdout } = await run(
        SCHEMATHESIS,
        ['--config-file', join(FOLDER, 'schemathesis.toml'), '--no-color', 'run', `${address}/openapi.json`].concat([
          '--max-time',
          String(SECONDS),
          '--seed',
          SEED,
        ]),
        {
          // It keeps what it found below its working folder.
          cwd: place.home,
          env: {
            ...process.env,
            SCHEMATHESIS_HOOKS: join(FOLDER, 'hooks.py'),
            FUZZ_PREDICTION_IDS: (await predict(address)).join(','),
            PYTHONDONTWRITEBYTECODE: '1',
          },
          maxBuffer: 2 ** 26,
          timeout: (SECONDS + 120) * 1_000,
        },
      ).catch((error: { stdout: string; stderr: string }) => {
        throw new Error(`schemathesis found something:\n${error.stdout}\n${error.stderr}`);
      });
      console.log(stdout.slice(stdout.lastIndexOf('API Operations')));

      expect(await text('/metrics')).toContain(started);
      expect(await answered('5')).toEqual(failedBefore);
      const succeeded = (await answered('200')).join('\n');
      for (const route of ['predict', 'outcomes', 'infer', 'predictions']) expect(succeeded).toContain(route);
      const check = plumbline(['capture', 'check'], { ...place.environment, DATABASE_URL: '' });
      expect(await check.ended, check.output()).toBe(0);
    } finally {
      stack.child.kill('SIGTERM');
      await stack.ended;
      await place.remove();
    }
  },
  (SECONDS + 300) * 1_000,
);

/** Makes predictions whose ids the fuzzer may ask for. */
async function predict(address: string): Promise<string[]> {
  const instances = Array.from({ length: KNOWN_PREDICTIONS }, () => ({
    alcohol: 10.6,
    volatile_acidity: 0.29,
    sulphates: 0.5,
  }));
  const response = await fetch(`${address}/v1/models/wine-quality/predict`, {
    method: 'POST',
    body: JSON.stringify({ instances }),
  });
  const { predictions } = (await response.json()) as { predictions: { id: string }[] };
  return predictions.map(({ id }) => id);
}
