import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compiledPath } from '../package-path.js';
import type { TrainingMetrics } from './contract.js';
import { runToEnd } from './run-to-end.js';
import { parseTrials, type TrialRecord } from './trials.js';

/** What a training command left behind. */
export interface TrainingResult {
  onnx: Buffer;
  metrics: TrainingMetrics;
  /** What it has tried; empty where it wrote no `trials.jsonl`. */
  trials: TrialRecord[];
  /** What it wrote for people in `model-card.md`; null where it wrote none. */
  modelCard: string | null;
  log: string;
}

/** Thrown when a training command fails; `log` is what it printed, `trials` what it had tried by then. */
export class TrainingFailedError extends Error {
  override readonly name = 'TrainingFailedError';
  constructor(
    message: string,
    readonly log: string,
    readonly trials: TrialRecord[] = [],
  ) {
    super(message);
  }
}

/** Characters of a model card that are kept. */
const LONGEST_CARD = 65_536;

/** The option tells it that standard input is held open by its caller for as long as it is to run. */
const BUILT_IN = [process.execPath, compiledPath('trainer/builtin/main.js'), '--end-with-stdin'];

/** A training command in words. */
export function describeCommand(command: string[] | undefined): string {
  return command?.join(' ') ?? 'built-in trainer';
}

/**
 * Runs a training command as `command… INPUT_FOLDER OUTPUT_FOLDER` and reads what it made.
 * @param command  program and arguments; the built-in trainer when undefined
 * @param signal  ends the command, and what it started, when it aborts
 * @param environment  of the command, whose output is kept: leave secrets out; this process's own when left out
 * @param memoryMegabytes  the command and what it starts may hold; unlimited when left out
 * @param onOutput  is given what the command prints, as it comes
 * @throws TrainingFailedError  non-zero exit, a limit, or a missing or unreadable output file
 */
export async function runTrainingCommand(options: {
  command: string[] | undefined;
  input: string;
  output: string;
  timeoutMs: number;
  signal?: AbortSignal;
  environment?: Record<string, string | undefined>;
  memoryMegabytes?: number;
  onOutput?: (text: string) => void;
}): Promise<TrainingResult> {
  const { input, output, timeoutMs, signal, environment, memoryMegabytes, onOutput } = options;
  const command = options.command ?? BUILT_IN;
  await mkdir(output, { recursive: true });
  const limits = { timeoutMs, signal, environment, memoryMegabytes, onOutput };
  const { log, ending } = await runToEnd([...command, input, output], limits);
  const trialsText = await readFile(join(output, 'trials.jsonl'), 'utf8').catch(() => '');
  if (ending !== undefined) {
    throw new TrainingFailedError(`${command.join(' ')} ${ending}`, log, wholeTrials(trialsText));
  }
  const fail = (message: string): never => {
    throw new TrainingFailedError(message, log, wholeTrials(trialsText));
  };
  const missing = (name: string): never =>
    fail(`${command.join(' ')} ended well but left no ${name} in its output folder`);
  const onnx = await readFile(join(output, 'model.onnx')).catch(() => missing('model.onnx'));
  const metrics = await readFile(join(output, 'metrics.json'), 'utf8').catch(() => missing('metrics.json'));
  const card = await readFile(join(output, 'model-card.md'), 'utf8').catch(() => null);
  return {
    onnx,
    metrics: parseMetrics(metrics, fail),
    trials: readTrials(trialsText, fail),
    modelCard: card?.slice(0, LONGEST_CARD).replaceAll('\0', '\uFFFD') ?? null,
    log,
  };
}

function parseMetrics(text: string, fail: (message: string) => never): TrainingMetrics {
  let metrics: unknown;
  try {
    metrics = JSON.parse(text);
  } catch (error) {
    return fail(`metrics.json is not JSON (which has no NaN or Infinity): ${(error as Error).message}`);
  }
  if (typeof metrics !== 'object' || metrics === null || Array.isArray(metrics)) {
    return fail('metrics.json must hold a JSON object of numbers by name');
  }
  const endless = Object.entries(metrics).find(([, value]) => typeof value === 'number' && !Number.isFinite(value));
  if (endless) return fail(`metrics.json: ${endless[0]} is too large to be a number; leave it out`);
  return metrics as TrainingMetrics;
}

function readTrials(text: string, fail: (message: string) => never): TrialRecord[] {
  try {
    return parseTrials(text);
  } catch (error) {
    return fail((error as Error).message);
  }
}

/** Of a command that failed, whose last line may be torn: what can be read, or nothing. */
function wholeTrials(text: string): TrialRecord[] {
  try {
    return parseTrials(text.slice(0, text.lastIndexOf('\n') + 1));
  } catch {
    return [];
  }
}
