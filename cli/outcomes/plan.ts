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
  table.rows.forEach((row, i) => {
    const outcome = {
      line: i + 2,
      prediction_id: row.prediction_id!,
      actual: row.actual!,
      observed_at: row.observed_at!,
    };
    const where = `${file}:${outcome.line}`;
    if (Number.isNaN(Date.parse(outcome.observed_at))) {
      const message = `observed_at is "${outcome.observed_at}", wanted a time with its zone, such as 2026-01-31T12:00:00Z`;
      return problems.push({ where, message });
    }
    const id = outcome.prediction_id.toLowerCase();
    const others = byPrediction.get(id) ?? [];
    byPrediction.set(id, others);
    const twin = others.find((other) => Date.parse(other.observed_at) === Date.parse(outcome.observed_at));
    if (!twin) return others.push(outcome);
    if (twin.actual === outcome.actual) return;
    const message = `says "${outcome.actual}" of prediction ${id}, line ${twin.line} says "${twin.actual}" at the same time; remove one`;
    return problems.push({ where, message });
  });
  if (problems.length > 0) throw new ProblemsError(file, problems);
  const rounds: FileOutcome[][] = [];
  for (const outcomes of byPrediction.values()) {
    outcomes.sort((a, b) => Date.parse(a.observed_at) - Date.parse(b.observed_at));
    for (const [i, outcome] of outcomes.entries()) (rounds[i] ??= []).push(outcome);
  }
  return rounds;
}
