import type { Machine } from '../document/machine.js';
import { shown, table } from '../document/table.js';
import type { Comparison } from '../estimates/compare.js';
import type { FoldResult } from './fold-main.js';
import type { WindowTimes } from './measure-windows.js';
import type { PeerResult } from './peers.js';

/** All that was measured. */
export interface MonitorBench {
  fold: FoldResult;
  windows: WindowTimes[];
  peers: PeerResult[];
  failures: string[];
  peerRows: number;
  maximumRows: number;
  estimates: { versions: Record<string, string>; comparisons: Comparison[] } | undefined;
  machine: Machine;
}

/** The text of docs/benchmarks-monitor.md. */
export function renderMonitorBench(bench: MonitorBench): string {
  const { machine, failures, estimates } = bench;
  const sections = [
    '# Benchmarks of the monitor',
    'Made by `npm run bench:monitor`; not written by hand. Times are of one run on a machine that other work may have shared: CPU seconds say more than seconds.',
    `## Folding\n\n${foldText(bench)}`,
    `## Statistics of a window\n\n${windowText(bench)}`,
    `## Beside others\n\n${peerText(bench)}`,
    ...(failures.length > 0 ? [`Not measured: ${failures.join('; ')}`] : []),
    ...(estimates ? [`## Estimated performance\n\n${estimateText(estimates)}`] : []),
    `## Machine\n\n${machine.processor}, ${machine.cores} cores, ${machine.memoryGib} GiB, ${machine.system}, Node ${machine.node}, ${machine.python}, commit ${machine.commit}.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function foldText({ fold, maximumRows }: MonitorBench): string {
  const rate = (seconds: number): string => shown(fold.rows / seconds);
  const cells = ['seconds', 'rows/s'];
  return `${table(
    ['', ...cells],
    [
      ['elapsed', shown(fold.seconds), rate(fold.seconds)],
      ['CPU of the monitor', shown(fold.cpuSeconds), rate(fold.cpuSeconds)],
      ['CPU of its Postgres backend', shown(fold.backendCpuSeconds), rate(fold.backendCpuSeconds)],
    ],
  )}

${shown(fold.rows)} rows of 15 features (12 numbers, 3 categories) and a binary answer with its score, read from Postgres by
binary COPY, counted over the frozen cells and for the estimated performance, and added to minutes, hours and the day, up to
${shown(maximumRows)} rows a transaction. Largest memory of the process: **${shown(fold.megabytes)} MB** (wanted: under 300). Wanted: 400,000 rows/s.`;
}

function windowText({ windows, fold }: MonitorBench): string {
  const rows = windows.map(({ title, medianMs, worstMs, cpuMs }) => [title, ...[medianMs, worstMs, cpuMs].map(shown)]);
  return `${table(['window', 'median ms', 'worst ms', 'CPU ms'], rows)}

PSI, KS and their null bands of all features and predictions of a day of ${shown(fold.rows)} rows, the counts read anew from
Postgres each time, ${windows[0]!.repeats} windows at random places. Wanted: under 50 ms.`;
}

function peerText({ peers, windows, peerRows }: MonitorBench): string {
  const ours = windows.find(({ title }) => title === 'the day')!;
  const rows = peers.map((peer) => [
    peer.title,
    peer.both ? 'yes' : 'no',
    ...[peer.seconds, peer.cpuSeconds, peer.megabytes].map(shown),
    ...[(peer.seconds * 1_000) / ours.medianMs, (peer.cpuSeconds * 1_000) / ours.cpuMs].map(shown),
    peer.version,
  ]);
  const header = ['', 'KS and PSI', 'seconds', 'CPU seconds', 'MB', 'our window: times as fast', 'by CPU', 'version'];
  return `${table(header, rows, [0, 1, 7])}

Theirs: all columns of the newest ${shown(peerRows)} rows against 20,000 reference rows, from data frames that are in memory
already. Ours: the window of the whole day above, from Postgres; its rows were folded once, as they came. Wanted: 20 times as
fast as the fastest that computes both.`;
}

function estimateText({ versions, comparisons }: NonNullable<MonitorBench['estimates']>): string {
  const points = (share: number): string => (100 * share).toFixed(2);
  const apart = Math.max(...comparisons.map((c) => Math.abs(c.ours - c.nannyml)));
  const nearer = comparisons.filter((c) => Math.abs(c.ours - c.real) < Math.abs(c.nannyml - c.real)).length;
  const rows = comparisons.map((c) => [
    `${c.data}, ${c.scenario}`,
    c.metric,
    `${c.splits} × ${c.rows}`,
    ...[c.real, c.ours, c.nannymlAlways, c.nannyml].map(points),
    points(c.ours - c.real),
    points(c.fromNannymlAlways),
    c.oursFromLearned === null ? '' : points(c.oursFromLearned - c.real),
  ]);
  const header = [
    'data',
    'metric',
    'splits × rows',
    'real',
    'ours',
    'NannyML, always calibrating',
    'NannyML as it comes',
  ];
  return `${table(
    [...header, 'ours − real', 'ours from NannyML, always', 'ours − real, reference learned'],
    rows,
    [0, 1],
  )}

In percent and percentage points, means over random splits; the last but one is the mean distance split by split. The model
(LightGBM ${versions.lightgbm}) learned half of the rows; a quarter, held out, is the reference; a quarter is estimated, as it is or drawn
so that one feature moves and the concept stays. NannyML ${versions.nannyml} decides by cross-validation whether to calibrate; made to
calibrate always, as we do, it says what we say; as it comes it lies up to ${points(apart)} points from ours, which is nearer to the
real figure in ${nearer} of ${comparisons.length} rows. The last column is what becomes of the estimate when the reference is the rows
that the model learned: why held-out.csv is worth having.`;
}
