import type { Span } from '@opentelemetry/api';
import type { FeatureBatch, PredictionBatch } from '../../core/inference/batch.js';
import { concatBatches } from '../../core/inference/batch.js';
import { sliceBatch } from '../../core/inference/infer-all.js';
import type { OnnxModel } from '../../core/inference/onnx-session.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import { recordRun } from '../../core/telemetry/record-run.js';
import { InferenceError } from '../errors.js';
import { type Answer, copyAnswers, emptyAnswer, hasOnlyNumbers } from './answer.js';
import { createPace } from './pace.js';
import type { Patience } from './patience.js';
import { shareRows } from './share-rows.js';

/**
 * Answers a batch with the model, sharing runs with whatever waits at the same time. What nobody wants any more takes
 * no further run. `span` is linked with the runs. @throws InferenceError, or what `patience` throws
 */
export type Infer = (batch: FeatureBatch, patience: Patience, span?: Span) => Promise<Answer>;

/** The class of error that a row is stored with when the model's answer to it is no number. */
export class NotANumberError extends Error {
  override readonly name = 'NotANumberError';
}

interface Job {
  batch: FeatureBatch;
  span: Span | undefined;
  patience: Patience;
  /** Rows handed to the model so far. */
  done: number;
  answer: Answer;
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

/** Rows [start, start + rows) of a job that go into the next run. */
interface Part {
  job: Job;
  start: number;
  rows: number;
}

/** Milliseconds that a run may take, by what runs took so far: nothing else happens in the process meanwhile. */
const RUN_MS = 2;

/**
 * Joins requests that wait together into one run of the model, of about two milliseconds and `sliceRows` rows at most. A
 * bigger request goes in slices, and every request that waits gets a share of each run, so nobody waits for more than the
 * run in progress (as long as no more requests wait than a run has rows). Between runs the event loop gets a turn.
 * @param onRun  told the length of each run in seconds and its rows
 */
export function createInfer(options: {
  model: Pick<OnnxModel, 'infer'>;
  manifest: Manifest;
  sliceRows: number;
  onRun: (seconds: number, rows: number) => void;
}): Infer {
  const { model, manifest, sliceRows, onRun } = options;
  const pace = createPace(RUN_MS, sliceRows);
  let waiting: Job[] = [];
  let scheduled = false;

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => void turn());
  };
  const turn = async (): Promise<void> => {
    const parts = takeParts(pace.rows());
    if (parts.length > 0) await runParts(parts);
    scheduled = false;
    if (waiting.length > 0) schedule();
  };
  /** The parts of the next run, of `limit` rows at most. Those that got no share come first in the next turn. */
  const takeParts = (limit: number): Part[] => {
    // One that failed in an earlier slice counts as done.
    const jobs = waiting.filter((job) => job.done < job.batch.rows && isWanted(job));
    const shares = shareRows(
      jobs.map((job) => job.batch.rows - job.done),
      limit,
    );
    const parts: Part[] = [];
    const served: Job[] = [];
    waiting = [];
    for (let i = 0; i < jobs.length; i++) {
      const job = jobs[i]!;
      const rows = shares[i]!;
      if (rows > 0) parts.push({ job, start: job.done, rows });
      job.done += rows;
      if (job.done < job.batch.rows) (rows > 0 ? served : waiting).push(job);
    }
    if (served.length > 0) waiting = waiting.concat(served);
    return parts;
  };
  const run = async (parts: Part[]): Promise<void> => {
    const batch = gather(manifest, parts);
    const started = performance.now();
    const predictions = await model.infer(batch);
    const seconds = (performance.now() - started) / 1_000;
    pace.took(seconds, batch.rows);
    onRun(seconds, batch.rows);
    if (parts.some(isRecorded)) traceRun(parts, started, batch.rows);
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
  return (batch, patience, span) =>
    new Promise((resolve, reject) => {
      waiting.push({ batch, patience, span, done: 0, answer: emptyAnswer(manifest, batch.rows), resolve, reject });
      schedule();
    });
}

function isRecorded({ job }: Part): boolean {
  return job.span !== undefined;
}

function traceRun(parts: Part[], startTime: number, rows: number): void {
  const requests = parts.flatMap(({ job }) => job.span ?? []);
  recordRun(requests, startTime, rows);
}

/** The rows of the parts as one batch. */
function gather(manifest: Manifest, parts: Part[]): FeatureBatch {
  return concatBatches(
    parts.map(({ job, start, rows }) =>
      rows === job.batch.rows ? job.batch : sliceBatch(manifest, job.batch, start, start + rows),
    ),
  );
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

function deliver(manifest: Manifest, parts: Part[], predictions: PredictionBatch): void {
  let from = 0;
  for (const { job, start, rows } of parts) {
    copyAnswers(predictions, from, job.answer, start, rows);
    from += rows;
    if (start + rows < job.batch.rows) continue;
    if (hasOnlyNumbers(job.answer)) job.resolve(job.answer);
    else fail(manifest, job, new NotANumberError('the model answered NaN or infinity'));
  }
}

function fail(manifest: Manifest, job: Job, error: unknown): void {
  job.done = job.batch.rows;
  job.reject(new InferenceError(manifest.name, error));
}
