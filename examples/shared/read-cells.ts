import type { SayProblem } from './example.js';

/** A finite number; says so where it is none, and gives NaN. */
export function readNumber(cells: Record<string, string>, column: string, say: SayProblem): number {
  const text = cells[column] ?? '';
  const value = text === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) say(column, `"${text}" is not a number`);
  return value;
}

/** One of some texts; says so where it is none. */
export function readOneOf(
  cells: Record<string, string>,
  column: string,
  allowed: readonly string[],
  say: SayProblem,
): string {
  const text = cells[column] ?? '';
  if (!allowed.includes(text)) say(column, `"${text}" is not one of ${allowed.join(', ')}`);
  return text;
}
