import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { packagePath } from '../../core/package-path.js';
import { loadProject } from '../../core/project/load.js';
import { trainProject } from '../../core/project/train-project.js';
import { listTrials, loadExperiment } from '../../core/registry/experiments.js';
import type { TrialRecord } from '../../core/training/trials.js';
import { beloHorizonte } from '../../examples/belo-horizonte/example.js';
import { carPurchase } from '../../examples/car-purchase/example.js';
import { obesity } from '../../examples/obesity/example.js';
import { prepareProject } from '../../examples/shared/prepare-project.js';
import {
  addLabelled,
  addSmallModel,
  driftAlert,
  postAlerts,
  turnedRows,
  untilRun,
  useTrainer,
} from '../trainer/harness.js';

const PYTHON = packagePath('.cache/python-trainer/bin/python');
const command = [PYTHON, packagePath('trainer/python/main.py'), '--end-with-stdin'];

test.runIf(process.env.CI)('the Python trainer is installed', () => {
  expect(existsSync(PYTHON), 'install it with: bash test/end-to-end/install-python-trainer.sh').toBe(true);
});

describe.skipIf(!existsSync(PYTHON))('the Python trainer', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-python-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Prepares an example with generated rows and trains it in Python. */
  async function trainExample(example: typeof obesity, training: Record<string, unknown>) {
    await prepareProject(example, { output: folder, rows: 700, seed: 1 });
    const path = join(folder, 'model.yaml');
    const manifest = parse(await readFile(path, 'utf8')) as Record<string, object>;
    manifest.retraining = { ...manifest.retraining, command };
    await writeFile(path, stringify({ ...manifest, training }));
    let said = '';
    const metrics = await trainProject(folder, 1, (text) => {
      said += text;
    });
    const { trials } = JSON.parse(await readFile(join(folder, 'training.json'), 'utf8')) as { trials: TrialRecord[] };
    return { metrics, said, trials, project: await loadProject(folder) };
  }

  test.each([
    ['binary', carPurchase],
    ['multiclass', obesity],
    ['regression', beloHorizonte],
  ] as const)('trains every family on %s rows, and its ONNX file fits the manifest', async (_, example) => {
    for (const family of ['lightgbm', 'xgboost', 'forest', 'svm']) {
      const { metrics, project } = await trainExample(example, { trials: 1, folds: 2, families: [family] });
      expect(metrics).toMatchObject({ family, rows: project.reference.targets.length });
      expect(metrics.codeVersion).toMatch(/^Python trainer [0-9a-f]{12}$/);
      const { labels, values } = project.predictions;
      const truth = project.reference.targets;
      if (labels) {
        const right = labels.filter((label, i) => label === truth[i]).length / truth.length;
        const most = Math.max(...project.manifest.classes.map((name) => truth.filter((t) => t === name).length));
        expect(right).toBeGreaterThan(most / truth.length);
      } else {
        const mean = truth.reduce((sum, text) => sum + Number(text), 0) / truth.length;
        const error = (answer: (i: number) => number): number =>
          truth.reduce((sum, text, i) => sum + Math.abs(answer(i) - Number(text)), 0);
        // Support vectors for prices in reais, neither scaled nor with another C, are no better than the median.
        if (family !== 'svm') expect(error((i) => values![i]!)).toBeLessThan(0.8 * error(() => mean));
      }
    }
  });

  test('searches over the families, says how it goes, and records its trials', async () => {
    const { metrics, trials, said } = await trainExample(carPurchase, { trials: 14, folds: 3, threads: 1 });
    expect(trials.map(({ number }) => number)).toEqual([...Array(14).keys()]);
    expect(trials.slice(0, 4).map(({ family }) => family)).toEqual(['lightgbm', 'xgboost', 'forest', 'svm']);
    const complete = trials.filter(({ state }) => state === 'complete');
    const best = complete.reduce((a, b) => (b.score! < a.score! ? b : a));
    expect(metrics).toMatchObject({ family: best.family, bestTrial: best.number });
    expect(metrics.onnxLargestDifference).toBeLessThan(1e-5);
    expect(said).toMatch(/^read \d+ rows with 3 features\ntrial 1 of 14: lightgbm, log_loss [\d.]+ in [\d.]+ s\n/);
  });

  describe('in a retraining', () => {
    const started = useTrainer();

    test('its challenger is promoted, and the experiment is on record', async () => {
      const { pool } = started.database;
      const version = await addSmallModel(pool, 'in-python', { command });
      await addLabelled(pool, { name: 'in-python', version, rows: turnedRows(420, 31) });
      await postAlerts(started.trainer.url, [driftAlert('in-python', version)]);
      const run = await untilRun(pool, 'in-python', ['failed', 'promoted', 'kept', 'refused'], 120_000);
      expect(run).toMatchObject({ state: 'promoted' });
      const experiment = await loadExperiment(pool, run.trainingRunId);
      expect(experiment).toMatchObject({ state: 'complete', command: command.join(' ') });
      expect(await listTrials(pool, experiment!.experimentId)).toHaveLength(1);
    });

    test('a family that it does not have fails with that reason', async () => {
      const { metrics } = await trainExample(carPurchase, { families: ['catboost'] }).catch((error: Error) => ({
        metrics: error.message,
      }));
      expect(metrics).toContain('training.families names "catboost", the Python trainer has lightgbm');
    });
  });
});
