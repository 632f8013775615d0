import { spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { compiledPath } from '../package-path.js';
import type { TrainingMetrics } from './contract.js';

/** What a training command left behind. */
export interface TrainingResult {
  onnx: Buffer;
  metrics: TrainingMetrics;
  log: string;
}

/** Thrown when a training command fails; `log` is what it printed. */
export class TrainingFailedError extends Error {
  override readonly name = 'TrainingFailedError';
  constructor(
    message: string,
    readonly log: string,
  ) {
    super(message);
  }
}

const LOG_LIMIT = 200_000;
/** Training yields the processor to serving on the same machine. */
const LOW_PRIORITY = 10;

/**
 * Runs a training command as `command… INPUT_FOLDER OUTPUT_FOLDER` and reads what it made.
 * @param command  program and arguments; the built-in trainer when undefined
 * @throws TrainingFailedError  non-zero exit, time-out, or a missing or unreadable output file
 */
export async function runTrainingCommand(options: {
  command: string[] | undefined;
  input: string;
  output: string;
  timeoutMs: number;
  signal?: AbortSignal;
}): Promise<TrainingResult> {
  const { input, output, timeoutMs } = options;
  const command = options.command ?? [process.execPath, compiledPath('trainer/builtin/main.js')];
  await mkdir(output, { recursive: true });
  const { log, ending } = await runToEnd(command, [input, output], timeoutMs, options.signal);
  if (ending !== undefined) throw new TrainingFailedError(`${command.join(' ')} ${ending}`, log);
  const onnx = await readFile(join(output, 'model.onnx')).catch(() => undefined);
  if (!onnx)
    throw new TrainingFailedError(`${command.join(' ')} ended well but left no model.onnx in its output folder`, log);
  const text = await readFile(join(output, 'metrics.json'), 'utf8').catch(() => undefined);
  if (text === undefined)
    throw new TrainingFailedError(`${command.join(' ')} ended well but left no metrics.json in its output folder`, log);
  return { onnx, metrics: parseMetrics(text, log), log };
}

async function runToEnd(
  command: string[],
  folders: string[],
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<{ log: string; ending?: string }> {
  const [program, ...args] = command;
  const child = spawn(program!, [...args, ...folders], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  });
  let log = '';
  const keep = (chunk: Buffer): void => {
    log = (log + chunk.toString('utf8')).slice(-LOG_LIMIT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  try {
    if (child.pid !== undefined) lowerPriority(child.pid);
    return await new Promise((resolve) => {
      child.on('error', (error) => resolve({ log, ending: `could not be run: ${error.message}` }));
      child.on('close', (code, signalName) => {
        if (timedOut)
          resolve({ log, ending: `was ended after ${timeoutMs / 60_000} minutes (retraining.timeoutMinutes)` });
        else if (code !== 0)
          resolve({
            log,
            ending: `ended with ${code === null ? signalName : `exit code ${code}`}: ${log.trim().split('\n').at(-1) ?? ''}`,
          });
        else resolve({ log });
      });
    });
  } finally {
    clearTimeout(timer);
  }
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, LOW_PRIORITY);
  } catch {
    // The command may have ended already; its priority is then of no matter.
  }
}

function parseMetrics(text: string, log: string): TrainingMetrics {
  try {
    const metrics: unknown = JSON.parse(text);
    if (typeof metrics === 'object' && metrics !== null && !Array.isArray(metrics)) return metrics as TrainingMetrics;
  } catch {
    // Falls through to the one message for everything that is not an object.
  }
  throw new TrainingFailedError('metrics.json must hold a JSON object of numbers by name', log);
}
