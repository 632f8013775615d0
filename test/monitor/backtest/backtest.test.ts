import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatCsv, writeCsv } from '../../../core/csv.js';
import { compiledPath } from '../../../core/package-path.js';
import { loadProject } from '../../../core/project/load.js';
import { addModel } from '../../../core/project/register.js';
import { createRandom } from '../../../core/random.js';
import { putArtefact } from '../../../core/registry/artefacts.js';
import type { Backtest } from '../../../monitor/backtest/backtest.js';
import { parseWindowSpec } from '../../../monitor/backtest/window-spec.js';
import { runPass } from '../../../monitor/run.js';
import { loadWindows } from '../../../monitor/verdicts/stored.js';
import { createDatabase } from '../../helpers/postgres.js';
import { smallRows, writeSmallProject } from '../../helpers/project.js';
import { addChampion, drawRows, NOON, spread, storeBatch, testManifest, testMonitor } from '../fixture.js';

const entry = compiledPath('cli/main.js');
let database: Awaited<ReturnType<typeof createDatabase>>;
let folder: string;
beforeAll(async () => {
  if (!existsSync(entry)) throw new Error(`${entry} is not there: run npm run build`);
  database = await createDatabase();
  folder = await mkdtemp(join(tmpdir(), 'plumbline-backtest-'));
  await writeFile(join(folder, 'taken.yaml'), 'windows: [{ name: default, rows: 600 }]\n');
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

/** Runs `plumbline backtest` to its end. */
async function backtest(...parameters: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, DATABASE_URL: database.url };
  return new Promise((resolve) => {
    execFile(process.execPath, [entry, 'backtest', ...parameters], { env, cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

async function backtestAsJson(...parameters: string[]): Promise<Backtest> {
  const { code, stdout, stderr } = await backtest(...parameters, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

describe('over stored history', () => {
  beforeAll(async () => {
    const { pool } = database;
    const version = await addChampion(pool, testManifest('stored'));
    const columns = ['alcohol', 'sugar', 'colour', 'good'];
    const reference = drawRows(createRandom(1), 4_000).map((row) => ({
      ...row,
      good: row.score >= 0.5 ? 'yes' : 'no',
    }));
    const digest = await putArtefact(pool, Buffer.from(formatCsv(columns, reference)));
    await pool.query(`update model_versions set reference_digest = $1 where model_name = 'stored'`, [digest]);
    const { monitor, setTime } = testMonitor(pool);
    const random = createRandom(5);
    for (let minute = 0; minute < 24; minute++) {
      const rows = drawRows(random, 110, minute >= 12 ? 1 : 0);
      await storeBatch(pool, version, { at: spread(NOON + minute * 60, 60, rows.length), rows });
    }
    setTime(NOON + 24 * 60 + 6);
    await runPass(monitor);
  });

  test('with the champion’s own configuration says what the monitor said', async () => {
    const stored = (await loadWindows(database.pool, { modelName: 'stored', limit: 100 })).reverse();
    const { windows, alerts } = await backtestAsJson('stored');
    expect(windows.map(({ label, verdict }) => [label, verdict])).toEqual(
      stored.map(({ windowStart, verdict }) => [windowStart.toISOString(), verdict]),
    );
    expect(windows.map(({ subjects }) => subjects.map(({ psi }) => psi))).toHaveLength(8);
    expect(alerts).toEqual([{ alertName: 'FeatureDrift', windowName: 'default', label: windows[5]!.label }]);
  });

  test('with another configuration says what that would have done', async () => {
    const file = join(folder, 'deaf.yaml');
    await writeFile(file, 'psiThreshold: 3\nksThreshold: 0.9\nmethods: [psi, ks]\nwindow: { rows: 300 }\n');
    const { alerts, windows } = await backtestAsJson('stored', '--monitoring', file);
    expect(alerts).toEqual([]);
    expect(new Set(windows.map(({ verdict }) => verdict))).toEqual(new Set(['ok']));
    const long = await backtestAsJson('stored', '--window', '600');
    expect(long.windows.map(({ rows }) => rows)).toEqual([660, 660, 660, 660]);
  });

  test('as a picture that stands on its own', async () => {
    const file = join(folder, 'history.svg');
    await backtest('stored', '--picture', file);
    const svg = await readFile(file, 'utf8');
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+" role="img" aria-label="stored: /,
    );
    expect(svg.match(/<rect class="cell /g)).toHaveLength(5 * 8);
    expect(svg.match(/<rect class="cell drift"/g)).toHaveLength(3);
    expect(svg).toContain('alcohol');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('as a table: subject by subject a mark a window, and why the alert would have begun', async () => {
    const { stdout } = await backtest('stored');
    expect(stdout).toMatch(
      /^8 windows: 4 ok, 1 warning, 3 drift, 0 with too few rows\. 1 alert would have begun: FeatureDrift\.\n/,
    );
    expect(stdout).toMatch(/^alcohol +[a-z]+ \d\.\d+ of 0\.1 +0\.\d+ {2}\.\.\.\.o###$/m);
    expect(stdout).toMatch(/^colour .* {2}\.{8}$/m);
    expect(stdout).toMatch(/: drift, FeatureDrift begins; looks like a population that moved\. Most by alcohol/);
  });
});

describe('over a CSV', () => {
  let file: string;
  beforeAll(async () => {
    const project = await writeSmallProject();
    try {
      await addModel(database.pool, await loadProject(project.folder), 'test');
    } finally {
      await project.remove();
    }
    const rows = smallRows(1_800, 9).map((row, i) => ({ ...row, size: i < 900 ? row.size : row.size + 1.5 }));
    file = join(folder, 'rows.csv');
    // Without the target, and with a column that the model does not know.
    await writeCsv(
      file,
      ['id', 'size', 'weight', 'colour'],
      rows.map((row, id) => ({ ...row, id })),
    );
  });

  test('finds where the rows turn, with answers of the model and what is usual in the reference', async () => {
    // A model is surer of the 600 rows that it has learned than of any others: its score is no witness here.
    const monitoring = join(folder, 'no-score.yaml');
    await writeFile(monitoring, 'window: { rows: 300 }\npredictions: { score: { methods: [] } }\n');
    const { code, stdout, stderr } = await backtest('small-model', '--csv', file, '--monitoring', monitoring);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('6 windows: 3 ok, 1 warning, 2 drift');
    expect(stdout).toMatch(/^size +psi \d\.\d+ of 0\.1 +0\.\d+ {2}\.\.\.o##$/m);
    expect(stdout).toMatch(/^class .*##$/m);
    expect(stdout).toContain('rows 1201 to 1500 (300 rows): drift, FeatureDrift and PredictionDrift begin; ');
  });

  test('goes by every window that alerts and is measured in rows, and says which is not', async () => {
    const several = join(folder, 'several.yaml');
    const others = '[{ name: long, rows: 600, alerts: true }, { name: hour, minutes: 60, alerts: true }]';
    await writeFile(several, `window: { rows: 300 }\nwindows: ${others}\n`);
    const cut = await backtest('small-model', '--csv', file, '--monitoring', several);
    expect(cut.stderr).toBe('left out: the window "hour" needs times, and the rows of a CSV have none\n');
    expect(cut.stdout).toMatch(/^default: 6 windows: .*\nlong: 3 windows: /);

    const untimed = await backtest('small-model', '--csv', file);
    expect(untimed).toMatchObject({ code: 1, stdout: '' });
    expect(untimed.stderr).toContain('the rows of a CSV have no times: say how many make a window');
  });
});

test.each([
  [['nobody'], 'no champion of "nobody"'],
  [['stored', '--window', '5x'], '--window "5x" is no length: write rows such as 500, or a time such as 90m'],
  [['stored', '--monitoring', 'missing.yaml'], 'missing.yaml'],
  [['stored', '--monitoring', 'taken.yaml'], 'taken.yaml  windows: the name "default" is taken'],
])('says what is wrong with %j', async (parameters, message) => {
  const { code, stderr } = await backtest(...parameters);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
});

test('lengths of windows', () => {
  expect(['500', '90m', '6h', '1d'].map(parseWindowSpec)).toEqual([
    { rows: 500 },
    { minutes: 90 },
    { minutes: 360 },
    { minutes: 1_440 },
  ]);
});
