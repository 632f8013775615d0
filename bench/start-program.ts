import { spawn } from 'node:child_process';
import { basename } from 'node:path';

const LAST_WORDS = 300;

/** A program that runs beside this one. */
export interface StartedProgram {
  /** What it printed. @throws Error with its last words when it fails */
  ended: Promise<string>;
  /** Ends its standard input, which tells our programs to come to an end; gives `ended`. */
  stop(): Promise<string>;
}

/** Starts a program; it ends by itself, or when `stop` is called. */
export function startProgram(program: string, args: string[]): StartedProgram {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const kill = (): void => void child.kill();
  process.once('exit', kill);
  let printed = '';
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-LAST_WORDS);
  });
  // It may have ended before it is told to.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('exit', kill);
      if (code === 0) return resolve(printed);
      const name = `${basename(program)} ${basename(args[0] ?? '')}`;
      reject(new Error(`${name} ended with ${code ?? signal}: ${said.trim() || 'it said nothing'}`, { cause: 'load' }));
    });
  });
  // A caller that awaits later must not find the process ended by an unhandled rejection.
  ended.catch(() => undefined);
  return {
    ended,
    stop: () => {
      child.stdin.end();
      return ended;
    },
  };
}
