import type { FeatureBatch, PredictionBatch } from '../../core/inference/batch.js';
import { concatBatches } from '../../core/inference/batch.js';
import { sliceBatch } from '../../core/inference/infer-all.js';
import type { OnnxModel } from '../../core/inference/onnx-session.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import { InferenceError } from '../errors.js';
import { type Answer, copyAnswers, emptyAnswer, hasOnlyNumbers } from './answer.js';
import type { Patience } from './patience.js';
import { shareRows } from './share-rows.js';

/**
 * Answers a batch with the model, sharing runs with whatever waits at the same time. What nobody wants any more takes
 * no further run. @throws InferenceError, or what `patience` throws
 */
export type Infer = (batch: FeatureBatch, patience: Patience) => Promise<Answer>;

/** The class of error that a row is stored with when the model's answer to it is no number. */
export class NotANumberError extends Error {
  override readonly name = 'NotANumberError';
}

interface Job {
  batch: FeatureBatch;
  patience: Patience;
  /** Rows handed to the model so far. */
  done: number;
  answer: Answer;
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

/** Rows [start, end) of a job that go into the next run. */
interface Part {
  job: Job;
  start: number;
  rows: FeatureBatch;
}

/**
 * Joins requests that wait together into one run of the model, of `sliceRows` rows at most. A bigger request goes in
 * slices, and every request that waits gets a share of each run, so nobody waits for more than the run in progress
 * (as long as no more than `sliceRows` requests wait). Between runs the event loop gets a turn.
 * @param onRun  told the length of each run in seconds and its rows
 */
export function createInfer(options: {
  model: Pick<OnnxModel, 'infer'>;
  manifest: Manifest;
  sliceRows: number;
  onRun: (seconds: number, rows: number) => void;
}): Infer {
  const { model, manifest, sliceRows, onRun } = options;
  let waiting: Job[] = [];
  let scheduled = false;

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => void turn());
  };
  const turn = async (): Promise<void> => {
    waiting = waiting.filter(isWanted);
    const shares = shareRows(
      waiting.map((job) => job.batch.rows - job.done),
      sliceRows,
    );
    const parts = waiting.flatMap((job, i) => (shares[i]! > 0 ? [takePart(manifest, job, shares[i]!)] : []));
    const served = new Set(parts.map((part) => part.job));
    if (parts.length > 0) await runParts(parts);
    // Those that got no share come first in the next turn.
    const open = waiting.filter((job) => job.done < job.batch.rows);
    waiting = [...open.filter((job) => !served.has(job)), ...open.filter((job) => served.has(job))];
    scheduled = false;
    if (waiting.length > 0) schedule();
  };
  const run = async (parts: Part[]): Promise<void> => {
    const batch = concatBatches(parts.map((part) => part.rows));
    const started = performance.now();
    const predictions = await model.infer(batch);
    onRun((performance.now() - started) / 1_000, batch.rows);
    deliver(manifest, parts, predictions);
  };
  const runParts = async (parts: Part[]): Promise<void> => {
    try {
      await run(parts);
    } catch (error) {
      if (parts.length === 1) return fail(manifest, parts[0]!.job, error);
      // One request's rows must not fail the others: find out whose by running each alone.
      for (const part of parts) await runParts([part]);
    }
  };
  return (batch, patience) =>
    new Promise((resolve, reject) => {
      waiting.push({ batch, patience, done: 0, answer: emptyAnswer(manifest, batch.rows), resolve, reject });
      schedule();
    });
}

/** Whether a job is to go on; one that is not is rejected. */
function isWanted(job: Job): boolean {
  try {
    job.patience.assertWanted();
    return true;
  } catch (error) {
    job.reject(error as Error);
    return false;
  }
}

function takePart(manifest: Manifest, job: Job, rows: number): Part {
  const start = job.done;
  job.done += rows;
  const whole = rows === job.batch.rows;
  return { job, start, rows: whole ? job.batch : sliceBatch(manifest, job.batch, start, start + rows) };
}

function deliver(manifest: Manifest, parts: Part[], predictions: PredictionBatch): void {
  let from = 0;
  for (const { job, start, rows } of parts) {
    copyAnswers(predictions, from, job.answer, start, rows.rows);
    from += rows.rows;
    if (start + rows.rows < job.batch.rows) continue;
    if (hasOnlyNumbers(job.answer)) job.resolve(job.answer);
    else fail(manifest, job, new NotANumberError('the model answered NaN or infinity'));
  }
}

function fail(manifest: Manifest, job: Job, error: unknown): void {
  job.done = job.batch.rows;
  job.reject(new InferenceError(manifest.name, error));
}
