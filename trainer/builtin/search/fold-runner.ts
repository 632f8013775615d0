import { Worker } from 'node:worker_threads';
import { createFoldContext, type FoldResult, type FoldSettings, type FoldTask, workOnFold } from './fold-work.js';

/** Does the tasks of a search. */
export interface FoldRunner {
  /** @returns a result a task, in their order; the same whatever the number of threads */
  run(tasks: readonly FoldTask[]): Promise<FoldResult[]>;
  close(): Promise<void>;
}

/** Does the tasks one after the other in this thread. */
export function createOwnThreadRunner(settings: FoldSettings): FoldRunner {
  const context = createFoldContext(settings);
  return {
    run: async (tasks) => tasks.map((task) => workOnFold(context, task)),
    close: async () => undefined,
  };
}

/** What a thread answers to the number of its task. */
export interface FoldMessage {
  readonly task: number;
  readonly result?: FoldResult;
  readonly error?: string;
}

/** Does the tasks in worker threads, each of which has the dataset once. Needs the compiled worker. */
export function createThreadRunner(settings: FoldSettings, threads: number): FoldRunner {
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./fold-worker.js', import.meta.url), { workerData: settings }),
  );
  return {
    run: (tasks) => runAll(workers, tasks),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** Hands each worker a task as soon as it is free. */
function runAll(workers: readonly Worker[], tasks: readonly FoldTask[]): Promise<FoldResult[]> {
  const results: FoldResult[] = [];
  let begun = 0;
  let done = 0;
  return new Promise<FoldResult[]>((resolve, reject) => {
    if (tasks.length === 0) resolve(results);
    const give = (worker: Worker): void => {
      if (begun < tasks.length) worker.postMessage({ number: begun, task: tasks[begun++]! });
    };
    const take = (worker: Worker, { task, result, error }: FoldMessage): void => {
      if (!result) {
        reject(new Error(error));
        return;
      }
      results[task] = result;
      done++;
      if (done === tasks.length) resolve(results);
      else give(worker);
    };
    for (const worker of workers) {
      worker.removeAllListeners();
      worker.on('message', (message: FoldMessage) => take(worker, message));
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`train: a worker thread ended with code ${code}`)));
      give(worker);
    }
  });
}
