import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compiledPath } from '../package-path.js';
import type { TrainingMetrics } from './contract.js';
import { runToEnd } from './run-to-end.js';

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

/** The option tells it that standard input is held open by its caller for as long as it is to run. */
const BUILT_IN = [process.execPath, compiledPath('trainer/builtin/main.js'), '--end-with-stdin'];

/**
 * Runs a training command as `command… INPUT_FOLDER OUTPUT_FOLDER` and reads what it made.
 * @param command  program and arguments; the built-in trainer when undefined
 * @param signal  ends the command, and what it started, when it aborts
 * @param environment  of the command, whose output is kept: leave secrets out; this process's own when left out
 * @throws TrainingFailedError  non-zero exit, time-out, or a missing or unreadable output file
 */
export async function runTrainingCommand(options: {
  command: string[] | undefined;
  input: string;
  output: string;
  timeoutMs: number;
  signal?: AbortSignal;
  environment?: Record<string, string | undefined>;
}): Promise<TrainingResult> {
  const { input, output, timeoutMs, signal, environment } = options;
  const command = options.command ?? BUILT_IN;
  await mkdir(output, { recursive: true });
  const { log, ending } = await runToEnd([...command, input, output], { timeoutMs, signal, environment });
  if (ending !== undefined) throw new TrainingFailedError(`${command.join(' ')} ${ending}`, log);
  const onnx = await readFile(join(output, 'model.onnx')).catch(() => undefined);
  if (!onnx)
    throw new TrainingFailedError(`${command.join(' ')} ended well but left no model.onnx in its output folder`, log);
  const text = await readFile(join(output, 'metrics.json'), 'utf8').catch(() => undefined);
  if (text === undefined)
    throw new TrainingFailedError(`${command.join(' ')} ended well but left no metrics.json in its output folder`, log);
  return { onnx, metrics: parseMetrics(text, log), log };
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
