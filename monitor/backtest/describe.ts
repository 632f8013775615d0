import type { EmpiricalNullBand } from '../statistics/empirical-null-band.js';
import { subjectKey } from '../verdicts/decide-window.js';
import type { SubjectVerdict, Verdict } from '../verdicts/verdict.js';
import { integer, three } from '../verdicts/words.js';
import type { Backtest } from './backtest.js';

/** One character a window, so that a row of them is a picture of the history. */
const MARKS: Record<Verdict, string> = { ok: '.', warning: 'o', drift: '#', 'insufficient-data': ' ' };
const MARKS_A_LINE = 100;

/** The result for a terminal: what would have alerted, subject by subject, and why. */
export function describeBacktest(backtest: Backtest, bands: Map<string, EmpiricalNullBand>): string {
  const { windows, alerts } = backtest;
  const count = (verdict: Verdict): number => windows.filter((window) => window.verdict === verdict).length;
  const head = `${integer(windows.length)} windows: ${count('ok')} ok, ${count('warning')} warning, ${count('drift')} drift, ${count('insufficient-data')} with too few rows. ${alerts} ${alerts === 1 ? 'alert' : 'alerts'} would have begun.`;
  if (windows.length === 0) return 'no window: the history is shorter than one';
  return [head, '', ...subjectLines(backtest, bands), '', ...reasons(backtest)].join('\n');
}

function subjectLines({ windows }: Backtest, bands: Map<string, EmpiricalNullBand>): string[] {
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

/** Why each alert began, or, where none did, why windows warned. */
function reasons({ windows }: Backtest): string[] {
  const begun = windows.filter(({ verdict }, i) => verdict === 'drift' && windows[i - 1]?.verdict !== 'drift');
  const told = begun.length > 0 ? begun : windows.filter(({ verdict }) => verdict === 'warning').slice(-5);
  return told.flatMap(({ label, rows, verdict, subjects, cause }) => [
    `${label} (${integer(rows)} rows): ${verdict}${cause ? `, ${cause.summary}` : ''}`,
    ...subjects.filter((subject) => subject.exceeded).map(({ reason }) => `    ${reason}`),
  ]);
}
