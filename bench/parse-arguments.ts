import type { Command } from 'commander';

/**
 * Runs a bench by the arguments of this process, which ends with 1 when it throws. An error with a cause is one that the
 * bench explains itself, so its message is enough; of any other the stack is shown.
 */
export async function parseArguments(program: Command): Promise<void> {
  // By an exit of its own, so that what is to end with this process is told.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  try {
    await program.parseAsync();
  } catch (error) {
    const known = error instanceof Error && error.cause !== undefined;
    process.stderr.write(`${known || !(error instanceof Error) ? String((error as Error).message) : error.stack}\n`);
    process.exitCode = 1;
  }
}
