import type { CsvTable } from '../../core/csv.js';
import { type Problem, ProblemsError } from '../../core/problems.js';

/** One row of the file, as the service takes it, with the line it stands in. */
export interface FileOutcome {
  line: number;
  prediction_id: string;
  actual: string;
  observed_at: string;
}

const COLUMNS = ['prediction_id', 'actual', 'observed_at'] as const;

/**
 * Orders the rows of a file into rounds in which no prediction stands twice: later rounds correct earlier ones, by
 * `observed_at`. Rows that say the same again are left out.
 * @throws ProblemsError  a column is missing, a time is none, or two rows say different things of one prediction at one time
 */
export function planOutcomes(table: CsvTable, file: string): FileOutcome[][] {
  const problems: Problem[] = COLUMNS.filter((column) => !table.columns.includes(column)).map((column) => ({
    where: `${file}:1`,
    message: `has no column "${column}"; wanted ${COLUMNS.join(', ')}`,
  }));
  if (problems.length > 0) throw new ProblemsError(file, problems);
  const byPrediction = new Map<string, FileOutcome[]>();
  for (const [i, row] of table.rows.entries()) {
    const line = i + 2;
    const outcome = { line, prediction_id: row.prediction_id!, actual: row.actual!, observed_at: row.observed_at! };
    const others = byPrediction.get(outcome.prediction_id.toLowerCase()) ?? [];
    byPrediction.set(outcome.prediction_id.toLowerCase(), others);
    const twin = others.find((other) => Date.parse(other.observed_at) === Date.parse(outcome.observed_at));
    const message = problemOf(outcome, twin);
    if (message !== undefined) problems.push({ where: `${file}:${line}`, message });
    else if (!twin) others.push(outcome);
  }
  if (problems.length > 0) throw new ProblemsError(file, problems);
  const rounds: FileOutcome[][] = [];
  for (const outcomes of byPrediction.values()) {
    outcomes.sort((a, b) => Date.parse(a.observed_at) - Date.parse(b.observed_at));
    for (const [i, outcome] of outcomes.entries()) {
      const round = rounds[i] ?? [];
      rounds[i] = round;
      round.push(outcome);
    }
  }
  return rounds;
}

/** @param twin  an earlier row about the same prediction and time */
function problemOf(
  { prediction_id, actual, observed_at }: FileOutcome,
  twin: FileOutcome | undefined,
): string | undefined {
  if (Number.isNaN(Date.parse(observed_at))) {
    return `observed_at is "${observed_at}", wanted a time with its zone, such as 2026-01-31T12:00:00Z`;
  }
  if (!twin || twin.actual === actual) return undefined;
  const id = prediction_id.toLowerCase();
  return `says "${actual}" of prediction ${id}, line ${twin.line} says "${twin.actual}" at the same time; remove one`;
}
