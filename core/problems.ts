/** One thing that is wrong in something a person wrote: where, what, and what to write instead. */
export interface Problem {
  /** File name, or file:line when the line is known. */
  where: string;
  message: string;
}

/** Thrown with every problem found, never just the first. Its message lists them a line each. */
export class ProblemsError extends Error {
  override readonly name = 'ProblemsError';
  constructor(
    readonly subject: string,
    readonly problems: Problem[],
  ) {
    super(`${subject}: ${problems.length} problem${problems.length === 1 ? '' : 's'}\n${formatProblems(problems)}`);
  }
}

/** One line a problem: `  model.yaml:12  message`. */
export function formatProblems(problems: Problem[]): string {
  return problems.map((p) => `  ${p.where}  ${p.message}`).join('\n');
}
