import { cpus } from 'node:os';
import type { ValidationMetrics } from '../../trainer/builtin/validation-metrics.js';
import { shown, table } from '../document/table.js';
import type { Scored, SplitResult } from './compare-one.js';
import type { TrainingResults } from './results.js';

/** What may be lost against LightGBM: a point of a share, and a fiftieth of an error. */
const MOST_POINTS = 0.01;
const MOST_ERROR_RATIO = 1.02;
const MOST_CPU_RATIO = 3;
const MOST_ONNX_DIFFERENCE = 1e-5;

type Contestant = 'builtIn' | 'builtInDefault' | 'lightgbm' | 'lightgbmDefault';
const CONTESTANTS: readonly [Contestant, string][] = [
  ['builtIn', 'built-in trainer, searched'],
  ['lightgbm', 'LightGBM, tuned by Optuna'],
  ['builtInDefault', 'built-in trainer, defaults'],
  ['lightgbmDefault', 'LightGBM, defaults, 100 trees'],
];

/** The text of docs/benchmarks-training.md. */
export function renderTraining(results: TrainingResults): string {
  const sets = Object.entries(results.splits).map(([name, bySeed]) => renderSet(name, Object.values(bySeed)));
  const text = [
    '# Benchmarks: the built-in trainer beside LightGBM',
    'Made by `npm run bench:training -- --data FOLDER` from the publishers’ files; not written by hand. Splits are by distinct row, four fifths to learn from, the same for all; answers to the test rows are scored by one and the same code, the built-in trainer’s as onnxruntime gives them. Kickstarter’s features are made by the example’s own preparation, its medians fitted on the rows learned from. Both searches have as many trials, three folds, rows with equal features on one side, and are led by the log loss, or the mean absolute error. After ± stands the standard error of a mean difference, by how far it varies from split to split; splits share rows, so it is rather too small. CPU seconds are those of the whole search and the last fit.',
    ...sets,
    renderTimes(results),
    `Measured with Node ${process.version} on ${cpus()[0]?.model.trim() ?? 'an unknown processor'}; ${results.packages.join(', ')}.`,
  ];
  return `${text.join('\n\n')}\n`;
}

/** Every figure that is not met, in words. */
export function missedFigures({ splits, times }: TrainingResults): string[] {
  const ofSets = Object.entries(splits).flatMap(([name, bySeed]) => {
    const runs = Object.values(bySeed);
    const onnx = Math.max(...runs.map(({ onnxDifference }) => onnxDifference));
    return [
      ...losses(runs)
        .filter(({ isMet }) => !isMet)
        .map(({ metric, difference }) => `${name}: ${metric} ${difference}`),
      ...(onnx > MOST_ONNX_DIFFERENCE ? [`${name}: ONNX differs by ${onnx}`] : []),
    ];
  });
  const slow = times.filter((time) => time.builtInSeconds > MOST_CPU_RATIO * time.lightgbmSeconds);
  return [...ofSets, ...slow.map(({ rows }) => `one model at ${rows} rows takes more than ${MOST_CPU_RATIO} times`)];
}

function renderSet(name: string, runs: SplitResult[]): string {
  const columns = numbersOf(runs[0]!.builtIn.metrics).map(([metric]) => metric);
  const rows = CONTESTANTS.map(([key, title]) => [
    title,
    ...columns.map((metric) => shownMetric(mean(runs, key, metric))),
    shown(average(runs.map((run) => run[key].cpuSeconds))),
  ]);
  const onnx = Math.max(...runs.map(({ onnxDifference }) => onnxDifference));
  const verdicts = losses(runs).map(({ metric, difference, isMet }) => {
    return `${metric} ${difference}${isMet ? '' : ' (**not met**)'}`;
  });
  const seeds = `${runs.length} split${runs.length === 1 ? '' : 's'}, ${runs[0]!.trials} trials, ${runs[0]!.rows} rows learned from`;
  return [
    `## ${name}`,
    `Mean of ${seeds}.`,
    table(['', ...columns, 'CPU s'], rows),
    `Against tuned LightGBM: ${verdicts.join(', ')}. Largest difference between the trainer’s answers and onnxruntime’s: ${onnx.toExponential(1)}.`,
    `Chosen: ${runs.map(({ builtIn }: { builtIn: Scored }) => `\`${builtIn.chosen}\``).join('; ')}.`,
  ].join('\n\n');
}

function losses(runs: SplitResult[]): { metric: string; difference: string; isMet: boolean }[] {
  return ['accuracy', 'macroF1', 'rocAuc', 'meanAbsoluteError'].flatMap((metric) => {
    const [ours, theirs] = [mean(runs, 'builtIn', metric), mean(runs, 'lightgbm', metric)];
    if (Number.isNaN(ours)) return [];
    const error = standardError(runs.map((run) => metricOf(run.builtIn, metric) - metricOf(run.lightgbm, metric)));
    if (metric === 'meanAbsoluteError') {
      const ratio = ours / theirs;
      return [{ metric, difference: `${percent(ratio - 1, error / theirs)} %`, isMet: ratio <= MOST_ERROR_RATIO }];
    }
    return [{ metric, difference: `${percent(ours - theirs, error)} points`, isMet: ours >= theirs - MOST_POINTS }];
  });
}

/** Of the mean of differences, as if splits were independent; NaN for a single one. */
function standardError(differences: number[]): number {
  const middle = average(differences);
  const squares = differences.reduce((sum, difference) => sum + (difference - middle) ** 2, 0);
  return Math.sqrt(squares / (differences.length - 1) / differences.length);
}

function renderTimes({ times }: TrainingResults): string {
  if (times.length === 0) return '## CPU time of one model\n\nNot measured yet.';
  const rows = times.map((time) => [
    `${shown(time.rows)} rows, ${time.numbers} numbers and ${time.categories} categorical features`,
    time.builtInSeconds.toFixed(2),
    time.lightgbmSeconds.toFixed(2),
    (time.builtInSeconds / time.lightgbmSeconds).toFixed(2),
  ]);
  const { iterations, leaves } = times[0]!;
  return `## CPU time of one model\n\n${table(['generated rows', 'built-in trainer, CPU s', 'LightGBM, CPU s', 'ratio'], rows)}\n\n${iterations} trees of ${leaves} leaves on one core, binning included, reading the file not; median of three runs in one process each. At most ${MOST_CPU_RATIO} is wanted.`;
}

function numbersOf(metrics: ValidationMetrics): [string, number][] {
  return Object.entries(metrics).filter(([name]) => name !== 'rows') as [string, number][];
}

function mean(runs: SplitResult[], key: Contestant, metric: string): number {
  return average(runs.map((run) => metricOf(run[key], metric)));
}

function metricOf({ metrics }: Scored, metric: string): number {
  return new Map(numbersOf(metrics)).get(metric) ?? Number.NaN;
}

function average(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function shownMetric(value: number): string {
  return value < 10 ? value.toFixed(3) : shown(value);
}

function percent(share: number, error: number): string {
  const text = `${share >= 0 ? '+' : ''}${(share * 100).toFixed(1)}`;
  return Number.isNaN(error) ? text : `${text} ± ${(error * 100).toFixed(1)}`;
}
