import { cpus } from 'node:os';
import { wilsonInterval } from '../../monitor/statistics/wilson-interval.js';
import { table } from '../document/table.js';
import type { CalmWindow } from './calm.js';
import type { EvidentlyAnswer, EvidentlyOutlier } from './evidently.js';
import type { OutlierAnswer } from './outlier.js';
import type { PowerResult } from './power.js';
import { MONITORING } from './simulated-model.js';

/** All that was measured. */
export interface DecisionResults {
  seed: number;
  calm: CalmWindow[];
  power: PowerResult[];
  outlier: OutlierAnswer;
  /** A reason in words where Evidently could not be had. */
  evidently: { answers: EvidentlyAnswer[]; outlier: EvidentlyOutlier; packages: string[] } | { reason: string };
  seconds: number;
}

/** The share of models with an alarm per window that may not be passed without drift. */
export const MOST_FALSE_ALARMS = 0.01;

/** The text of docs/benchmarks-decisions.md. */
export function renderDecisions(results: DecisionResults): string {
  const { calm, seed, seconds } = results;
  const [k, n] = MONITORING.confirm;
  const sections = [
    '# Benchmarks: how often an alarm is false, and what is caught',
    `Made by \`npm run bench:decisions\`; not written by hand. Everything is drawn from a seed (${seed}), so the same version gives the same figures on any machine. The decisions are made by the monitor's own code: the reference is frozen by \`buildReferenceProfile\`, windows are counted by \`countCells\` and decided by \`decideWindow\`, with every default of the manifest except \`minimumRows\`, which is ${MONITORING.minimumRows} in place of 200 so that small windows are decided on too.`,
    `## Without drift: ${calm.length.toLocaleString('en-US')} windows\n\n${falseAlarmTable(results)}\n\nA window counts where any subject of its model alarms. Each model has 5 to 50 features drawn from 23 shapes (normal, skewed, tied, rounded, zero-inflated, flags, missing values, 2 to a million categories) and the answers; ${k} of ${n} is counted over five windows in a row against one reference. "KS p < 0.05" takes the distance from counts, which is never above the exact one.`,
    `### By size\n\n${sizeTable(calm)}`,
    `### On the windows that Evidently was given\n\n${evidentlyTable(results)}`,
    `## With drift: 500 rows of 5,000, one of 20 features\n\n${powerTable(results.power)}`,
    `## One value far away\n\n${outlierTable(results)}\n\nN(0, 1), 5,000 rows, against N(1, 1), 500 rows: then one value of a million more. Equal-width bins over both windows put every other row into one bin; bins that were frozen on the reference do not move.`,
    `Measured with Node ${process.version} on ${cpus()[0]?.model.trim() ?? 'an unknown processor'} in ${Math.round(seconds)} s.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function falseAlarmTable({ calm }: DecisionResults): string {
  const [k, n] = MONITORING.confirm;
  const rules: [string, (w: CalmWindow) => boolean][] = [
    ['Plumbline, a window alone (warning)', (w) => w.window],
    [`Plumbline, ${k} of ${n} windows (drift, what alerts)`, (w) => w.confirmed],
    ['fixed PSI > 0.2', (w) => w.psi],
    ['fixed KS p < 0.05', (w) => w.ks],
  ];
  const rows = rules.map(([name, rule]) => [name, ...shareWithInterval(calm.filter(rule).length, calm.length)]);
  return table(['rule', 'share of models with an alarm, per window', '95 % interval'], rows);
}

function sizeTable(calm: CalmWindow[]): string {
  const sizes = [...new Set(calm.map(({ rows }) => rows))].sort((a, b) => a - b);
  const rows = sizes.map((size) => {
    const windows = calm.filter((w) => w.rows === size);
    const rules = [
      (w: CalmWindow) => w.window,
      (w: CalmWindow) => w.confirmed,
      (w: CalmWindow) => w.psi,
      (w: CalmWindow) => w.ks,
    ];
    const shares = rules.map((rule) => percent(windows.filter(rule).length / windows.length));
    return [size.toLocaleString('en-US'), String(windows.length), ...shares];
  });
  return table(
    ['rows of the window', 'windows', 'Plumbline, alone', 'confirmed', 'PSI > 0.2', 'KS p < 0.05'],
    rows,
    [],
  );
}

function evidentlyTable({ calm, evidently }: DecisionResults): string {
  if ('reason' in evidently) return `Evidently could not be run: ${evidently.reason}`;
  const windows = calm.filter(({ exported }) => exported);
  const { answers, packages } = evidently;
  const rows = [
    ['Plumbline, a window alone', ...shareWithInterval(windows.filter((w) => w.window).length, windows.length)],
    ['Evidently, any column', ...shareWithInterval(answers.filter((a) => a.columns > 0).length, answers.length)],
    [
      'Evidently, any column that is a number or has 50 categories at most',
      ...shareWithInterval(answers.filter((a) => a.fewCategories > 0).length, answers.length),
    ],
    ['Evidently, half of the columns', ...shareWithInterval(answers.filter((a) => a.dataset).length, answers.length)],
  ];
  const sizes = windows.map((w) => w.rows);
  return `${table(['rule', 'share of windows with an alarm', '95 % interval'], rows)}\n\n${answers.length} of the windows above, the first of every model whose number divides evenly and that has at most 300,000 cells with its reference (${Math.min(...sizes)} to ${Math.max(...sizes).toLocaleString('en-US')} rows): Evidently takes seconds for each. \`DataDriftPreset()\` with its defaults and the columns' types named; ${packages.join(', ')}. Half of the columns is its own "dataset drift", which one feature alone can never raise.`;
}

function powerTable(power: PowerResult[]): string {
  const rows = power.map(({ name, wanted, repeats, window, confirmed }) => [
    name,
    wanted === undefined ? '' : percent(wanted),
    percent(window),
    percent(confirmed),
    String(repeats),
    wanted === undefined ? '' : window >= wanted ? 'met' : '**not met**',
  ]);
  const [k, n] = MONITORING.confirm;
  const header = [
    'drift',
    'wanted',
    'caught in a window alone',
    `confirmed (${k} of ${n}) by the third window`,
    'repeats',
    '',
  ];
  return table(header, rows, [0, 5]);
}

function outlierTable({ outlier, evidently }: DecisionResults): string {
  const row = (name: string, without: number, withOutlier: number, caught: boolean) => [
    name,
    without.toPrecision(3),
    withOutlier.toPrecision(3),
    caught ? 'caught' : 'not seen',
  ];
  const rows = [row('Plumbline', outlier.psi, outlier.psiWithOutlier, outlier.exceededWithOutlier)];
  if (!('reason' in evidently)) {
    const { psi, psiWithOutlier } = evidently.outlier;
    rows.push(row('Evidently, `ValueDrift(method="psi")`, alarm from 0.1', psi, psiWithOutlier, psiWithOutlier >= 0.1));
  }
  return table(['PSI', 'as it is', 'with the outlier', ''], rows, [0, 3]);
}

function shareWithInterval(count: number, of: number): string[] {
  const { low, high } = wilsonInterval(count, of);
  return [`${percent(count / of)} (${count} of ${of})`, `${percent(low)} to ${percent(high)}`];
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
