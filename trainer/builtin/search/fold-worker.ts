import { parentPort, workerData } from 'node:worker_threads';
import type { FoldMessage } from './fold-runner.js';
import { createFoldContext, type FoldSettings, type FoldTask, workOnFold } from './fold-work.js';

// A thread of a search: makes the context from the settings once, then does one task after the other.
const context = createFoldContext(workerData as FoldSettings);

parentPort!.on('message', ({ number, task }: { number: number; task: FoldTask }) => {
  parentPort!.postMessage(answer(number, task));
});

function answer(number: number, task: FoldTask): FoldMessage {
  try {
    return { task: number, result: workOnFold(context, task) };
  } catch (error) {
    return { task: number, error: error instanceof Error ? error.message : String(error) };
  }
}
