import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FAMILIES } from '../../trainer/builtin/model.js';
import { predict } from '../../trainer/builtin/predict.js';
import { createThreadRunner } from '../../trainer/builtin/search/fold-runner.js';
import { train } from '../../trainer/builtin/train.js';
import { trainBySearch } from '../../trainer/builtin/train-by-search.js';
import { type ValidationMetrics, validationMetrics } from '../../trainer/builtin/validation-metrics.js';
import { runToEnd } from '../run-to-end.js';
import type { Split } from './data-sets.js';
import { runOnnx } from './run-onnx.js';
import { writeSplit } from './write-split.js';

/** A contestant on one split. */
export interface Scored {
  metrics: ValidationMetrics;
  cpuSeconds: number;
  /** What it chose, in words. */
  chosen: string;
}

/** Every contestant on one split. */
export interface SplitResult {
  trials: number;
  rows: number;
  builtIn: Scored;
  builtInDefault: Scored;
  lightgbm: Scored;
  lightgbmDefault: Scored;
  /** Largest difference between the built-in model's answers to the test rows and onnxruntime's, of values relative to them. */
  onnxDifference: number;
}

/** Trains everything on one split, and scores the answers to its test rows by one and the same code. */
export async function compareOnSplit(options: {
  split: Split;
  seed: number;
  trials: number;
  folder: string;
  python: string;
  script: string;
}): Promise<SplitResult> {
  const { split, seed, trials, folder, python, script } = options;
  const builtIn = await runSearch(split, seed, trials);
  const builtInDefault = runDefault(split, seed);
  await writeSplit(folder, split);
  const printed = await runToEnd(python, [script, folder, String(trials), String(seed)]);
  const told = JSON.parse(printed.trim().split('\n').at(-1)!) as {
    default: number;
    tuned: number;
    parameters: Record<string, unknown>;
  };
  const scoreFile = async (name: string, cpuSeconds: number, chosen: string): Promise<Scored> => {
    const answers = readAnswers(await readFile(join(folder, name), 'utf8'), split.classes.length);
    return { metrics: scoreAnswers(split, answers), cpuSeconds, chosen };
  };
  return {
    trials,
    rows: split.train.rows,
    ...builtIn,
    builtInDefault,
    lightgbm: await scoreFile('tuned.csv', told.tuned, JSON.stringify(told.parameters)),
    lightgbmDefault: await scoreFile('default.csv', told.default, ''),
  };
}

async function runSearch(
  split: Split,
  seed: number,
  trials: number,
): Promise<Pick<SplitResult, 'builtIn' | 'onnxDifference'>> {
  const { task, classes, train: dataset, test } = split;
  const before = process.cpuUsage();
  const found = await trainBySearch({
    subject: { dataset, task, classes },
    settings: { folds: 3, seed, metric: task === 'regression' ? 'mae' : 'log_loss' },
    trials,
    families: FAMILIES,
    featureSearch: false,
    isOver: () => false,
    onTrial: () => undefined,
    createRunner: (settings) => createThreadRunner(settings, 2),
  });
  const cpuSeconds = cpuSince(before);
  const answers = predict(found.model, test);
  const byOnnx = await runOnnx(found.onnx, test);
  const differences = answers.map((answer, i) => Math.abs(answer - byOnnx[i]!) / Math.max(1, Math.abs(answer)));
  const { candidate } = found.best;
  const parameters = { ...candidate.parameters, logTarget: candidate.logTarget, iterations: found.iterations };
  const chosen = `${candidate.family} ${JSON.stringify(parameters)}`;
  return {
    builtIn: { metrics: scoreAnswers(split, byOnnx), cpuSeconds, chosen },
    onnxDifference: differences.reduce((most, difference) => Math.max(most, difference), 0),
  };
}

function runDefault(split: Split, seed: number): Scored {
  const { task, classes, train: dataset, test } = split;
  const before = process.cpuUsage();
  const { model, iterations } = train({ dataset, task, classes, seed });
  const cpuSeconds = cpuSince(before);
  return { metrics: scoreAnswers(split, predict(model, test)), cpuSeconds, chosen: `${iterations} iterations` };
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function scoreAnswers({ task, classes, test }: Split, answers: Float64Array): ValidationMetrics {
  const rows = Int32Array.from({ length: test.rows }, (_, row) => row);
  return validationMetrics({ ...test, task, classCount: classes.length, rows, answers });
}

/** LightGBM answers two classes with the probability of the second one. */
function readAnswers(text: string, classCount: number): Float64Array {
  const numbers = text
    .trim()
    .split('\n')
    .flatMap((line) => line.split(',').map(Number));
  return Float64Array.from(classCount === 2 ? numbers.flatMap((second) => [1 - second, second]) : numbers);
}
