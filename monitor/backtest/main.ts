import { readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { parseCsv } from '../../core/csv.js';
import { exitMessage } from '../../core/exit-message.js';
import type { FeatureBatch, PredictionBatch } from '../../core/inference/batch.js';
import { inferAll } from '../../core/inference/infer-all.js';
import { loadOnnxModel } from '../../core/inference/onnx-session.js';
import { DEFAULT_WINDOW } from '../../core/manifest/alerting-windows.js';
import type { Monitoring } from '../../core/manifest/manifest.js';
import { parseMonitoring } from '../../core/manifest/parse.js';
import { assertSchema } from '../../core/postgres/migrate.js';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import { type Problem, ProblemsError } from '../../core/problems.js';
import { readLabelledRows } from '../../core/project/reference.js';
import { resolveMonitoring } from '../../core/project/resolve-monitoring.js';
import { resolveLengths } from '../../core/project/resolve-watching.js';
import { getArtefact } from '../../core/registry/artefacts.js';
import { loadChampion, type ModelVersion } from '../../core/registry/versions.js';
import { loadBacktestSettings } from '../settings.js';
import { namedWindows } from '../windows/named-windows.js';
import { runBacktest } from './backtest.js';
import { cutHistory, readHistoryCsv } from './csv-history.js';
import { describeBacktest } from './describe.js';
import type { PastWindow } from './history.js';
import { drawBacktest } from './picture.js';
import { loadStoredHistory } from './stored-history.js';
import { type UsualPsi, usualPsi } from './usual-psi.js';
import { parseWindowSpec } from './window-spec.js';

interface Options {
  csv?: string;
  window?: string;
  monitoring?: string;
  picture?: string;
  json: boolean;
}

const program = new Command('plumbline backtest')
  .description('which alerts on drift a configuration would have raised over stored history, or over the rows of a CSV')
  .argument('<model>')
  .option('--csv <file>', 'rows in the order in which they came, in place of stored history')
  .option(
    '--window <length>',
    'rows such as 500, or a time such as 90m, 6h or 1d; that of the configuration when left out',
  )
  .option(
    '--monitoring <file>',
    'a YAML file with what stands under "monitoring:" in model.yaml; the champion’s own when left out',
  )
  .option('--picture <file>', 'write the history as an SVG picture: a row a subject, a column a window')
  .option('--json', 'print every window with its statistics as JSON', false)
  .action(backtest);

async function backtest(modelName: string, options: Options): Promise<void> {
  const pool = createPool({
    connectionString: loadBacktestSettings().DATABASE_URL,
    applicationName: 'plumbline-backtest',
    maxConnections: 2,
    onError: () => undefined,
  });
  try {
    await assertSchema(pool);
    const champion = await loadChampion(pool, modelName);
    if (!champion) {
      throw new Error(`no champion of "${modelName}": plumbline model list shows what is registered`, {
        cause: 'model',
      });
    }
    const monitoring = await readMonitoring(champion, options);
    const version = { ...champion, manifest: { ...champion.manifest, monitoring } };
    const { history, usual } = options.csv
      ? await fromCsv(pool, version, options.csv)
      : await fromStored(pool, version);
    const result = await runBacktest(version.referenceProfile, monitoring, history);
    if (options.picture) await writeFile(options.picture, drawBacktest(modelName, result));
    console.log(options.json ? JSON.stringify(result, null, 2) : describeBacktest(result, usual));
  } finally {
    await pool.end();
  }
}

async function readMonitoring({ manifest }: ModelVersion, options: Options): Promise<Monitoring> {
  const monitoring = options.monitoring ? await readMonitoringFile(options.monitoring) : manifest.monitoring;
  return options.window ? { ...monitoring, window: parseWindowSpec(options.window) } : monitoring;
}

async function readMonitoringFile(file: string): Promise<Monitoring> {
  const source = parseMonitoring(await readFile(file, 'utf8'), file);
  const problems: Problem[] = [];
  const say = (message: string, key: string): void => {
    problems.push({ where: file, message: `${key}: ${message}` });
  };
  const monitoring = { ...resolveMonitoring(source), ...resolveLengths(source, say) };
  if (problems.length > 0) throw new ProblemsError(file, problems);
  return monitoring;
}

/** A history with the PSI that is usual in the reference, by the name of its windows. */
interface Known {
  history: PastWindow[];
  usual: Map<string, UsualPsi>;
}

/** Windows of stored counts; what is usual is known of the features only, as the model is not run. */
async function fromStored(pool: Pool, version: ModelVersion): Promise<Known> {
  const { manifest, referenceProfile: profile } = version;
  const history = await loadStoredHistory(pool, version);
  const batch = await readReference(pool, version);
  return { history, usual: usualPsi({ manifest, profile, batch, predictions: undefined }, history) };
}

/** Windows of a file with the model's answers to its rows. */
async function fromCsv(pool: Pool, version: ModelVersion, path: string): Promise<Known> {
  const { manifest, referenceProfile: profile } = version;
  const lengths = windowsOfRows(manifest.monitoring);
  const batch = await readHistoryCsv(path, manifest);
  const reference = await readReference(pool, version);
  const model = await loadOnnxModel(await getArtefact(pool, version.modelDigest), manifest);
  try {
    const answered = async (rows: FeatureBatch) => {
      const predictions: PredictionBatch = await inferAll(model, manifest, rows);
      return { manifest, profile, batch: rows, predictions };
    };
    const rows = await answered(batch);
    const history = lengths.flatMap((length) => cutHistory({ ...rows, ...length }));
    history.sort((a, b) => a.window.end - b.window.end);
    return { history, usual: usualPsi(await answered(reference), history) };
  } finally {
    await model.release();
  }
}

/** The windows that alert, as far as rows alone can be cut into them; says which are left out. */
function windowsOfRows(monitoring: Monitoring): { windowName: string; rowsPerWindow: number }[] {
  return namedWindows(monitoring).flatMap(({ name, spec, reference, alerts }) => {
    if (!alerts) return [];
    if ('rows' in spec && reference === 'frozen') return [{ windowName: name, rowsPerWindow: spec.rows }];
    if (name === DEFAULT_WINDOW) {
      throw new Error('the rows of a CSV have no times: say how many make a window, such as --window 500', {
        cause: 'options',
      });
    }
    process.stderr.write(`left out: the window "${name}" needs times, and the rows of a CSV have none\n`);
    return [];
  });
}

async function readReference(pool: Pool, { manifest, referenceDigest }: ModelVersion): Promise<FeatureBatch> {
  const text = (await getArtefact(pool, referenceDigest)).toString('utf8');
  const { instances } = readLabelledRows(parseCsv(text, 'reference.csv'), manifest, 'reference.csv', [], {
    written: true,
  });
  return encodeRows(manifest, instances);
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${exitMessage(error)}\n`);
  process.exitCode = 1;
}
