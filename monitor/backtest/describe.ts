import { isMoved } from '../verdicts/cause/cause.js';
import { subjectKey } from '../verdicts/decide-window.js';
import type { SubjectVerdict, Verdict } from '../verdicts/verdict.js';
import { integer, three } from '../verdicts/words.js';
import type { Backtest, BacktestWindow } from './backtest.js';
import { alertsInWords } from './begun-alerts.js';
import { seriesOf, type WindowSeries } from './series.js';
import type { UsualPsi } from './usual-psi.js';

/** One character a window, so that a row of them is a picture of the history. */
const MARKS: Record<Verdict, string> = { ok: '.', warning: 'o', drift: '#', 'insufficient-data': ' ' };
const MARKS_A_LINE = 100;

/**
 * The result for a terminal: what would have alerted, subject by subject, and why.
 * @param usual  the PSI that is usual in the reference, by name of a window
 */
export function describeBacktest(backtest: Backtest, usual: Map<string, UsualPsi>): string {
  const series = seriesOf(backtest);
  if (series.length === 0) return 'no window: the history is shorter than one';
  const named = series.length > 1;
  const heads = series.map((one) => `${named ? `${one.name}: ` : ''}${verdictCounts(one)}`);
  const tables = series.flatMap((one) => [
    '',
    ...(named ? [one.name] : []),
    ...subjectLines(one, usual.get(one.name) ?? new Map()),
  ]);
  return [`${heads.join('\n')} ${alertsInWords(backtest.alerts)}.`, ...tables, '', ...reasons(backtest)].join('\n');
}

function verdictCounts({ windows }: WindowSeries): string {
  const count = (verdict: Verdict): number => windows.filter((window) => window.verdict === verdict).length;
  return `${integer(windows.length)} windows: ${count('ok')} ok, ${count('warning')} warning, ${count('drift')} drift, ${count('insufficient-data')} with too few rows.`;
}

function subjectLines({ windows }: WindowSeries, bands: UsualPsi): string[] {
  const names = windows[0]!.subjects.map(({ kind, subject }) => ({ kind, subject }));
  const width = Math.max(...names.map(({ subject }) => subject.length), 'subject'.length);
  const lines = names.map(({ kind, subject: name }, i) => {
    const verdicts = windows.map(({ subjects }) => subjects[i]!);
    const drifted = verdicts.filter(({ verdict }) => verdict === 'drift').length;
    const band = bands.get(subjectKey(kind, name));
    const cells = [name.padEnd(width), highest(verdicts), (band ? three(band.threeSigma) : '').padStart(9)];
    return { drifted, text: `${cells.join('  ')}  ${picture(verdicts)}` };
  });
  lines.sort((a, b) => b.drifted - a.drifted);
  const header = `${'subject'.padEnd(width)}  ${'most of a threshold'.padEnd(26)}  ${'PSI usual'}  windows ( . ok  o warning  # drift )`;
  return [header, ...lines.map(({ text }) => text)];
}

/** The method and window that came closest to its threshold, or went furthest beyond. */
function highest(verdicts: SubjectVerdict[]): string {
  const [first] = verdicts
    .flatMap(({ statistics }) => statistics)
    .sort((a, b) => b.value / b.threshold - a.value / a.threshold);
  if (!first) return ''.padEnd(26);
  return `${first.method} ${three(first.value)} of ${first.threshold}`.padEnd(26);
}

/** The newest windows, where there are more than fit in a line. */
function picture(verdicts: SubjectVerdict[]): string {
  const marks = verdicts.map(({ verdict }) => MARKS[verdict]);
  return marks.length <= MARKS_A_LINE ? marks.join('') : `… ${marks.slice(-MARKS_A_LINE).join('')}`;
}

/** Why alerts began, window by window, or, where none did, why windows warned. */
function reasons(backtest: Backtest): string[] {
  const { windows } = backtest;
  const begunBy = (window: BacktestWindow): string[] =>
    backtest.alerts
      .filter(({ windowName, label }) => windowName === window.windowName && label === window.label)
      .map(({ alertName }) => alertName);
  const begun = windows.filter((window) => begunBy(window).length > 0);
  const told = begun.length > 0 ? begun : windows.filter(({ verdict }) => verdict === 'warning').slice(-5);
  const named = seriesOf(backtest).length > 1;
  return told.flatMap((window) => {
    const { windowName, label, rows, verdict, subjects, cause } = window;
    const names = begunBy(window);
    const alerts = names.length > 0 ? `, ${names.join(' and ')} ${names.length === 1 ? 'begins' : 'begin'}` : '';
    return [
      `${named ? `${windowName}, ` : ''}${label} (${integer(rows)} rows): ${verdict}${alerts}; ${cause?.summary ?? UNKNOWN_CAUSE}`,
      ...subjects.filter(isMoved).map(({ reason }) => `    ${reason}`),
    ];
  });
}

const UNKNOWN_CAUSE = 'its rows are gone, so that nothing is known of the cause';
