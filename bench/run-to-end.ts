import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const LAST_WORDS = 300;

/**
 * Runs a program and gives back what it printed.
 * @param options.timeoutMs  past it the program is ended
 * @throws Error with its last words when it fails, is missing or was ended
 */
export async function runToEnd(program: string, args: string[], options: { timeoutMs?: number } = {}): Promise<string> {
  try {
    const { stdout } = await execute(program, args, {
      maxBuffer: 16 * 1024 * 1024,
      ...(options.timeoutMs !== undefined && { timeout: options.timeoutMs }),
    });
    return stdout;
  } catch (error) {
    const { code, stderr, stdout, message } = error as Error & { code?: unknown; stderr?: string; stdout?: string };
    // What went wrong stands last in what pip, Python and our own programs print.
    const words = (stderr || stdout || message).trim().split('\n').at(-1)!.slice(-LAST_WORDS);
    throw new Error(`${basename(program)} ${basename(args[0] ?? '')} ended with ${String(code)}: ${words}`, {
      cause: error,
    });
  }
}
