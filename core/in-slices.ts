/** Calls `work` for rows [start, end), in order, a slice at a time; resolves after the last. Rejects with what `work` throws. */
export type InSlices = (rows: number, work: (start: number, end: number) => void) => Promise<void>;

/** Milliseconds of one slice: what anybody else waits for it. */
const SLICE_MS = 2;
/** Rows between two looks at the clock: at 10 µs a row, a sixth of a slice. */
const CHUNK_ROWS = 32;

interface Task {
  rows: number;
  work: (start: number, end: number) => void;
  done: number;
}

/** Works on a task for the length of a slice; says whether it is finished. */
function advance(task: Task): boolean {
  const until = performance.now() + SLICE_MS;
  while (task.done < task.rows) {
    const end = Math.min(task.done + CHUNK_ROWS, task.rows);
    task.work(task.done, end);
    task.done = end;
    if (performance.now() >= until) break;
  }
  return task.done >= task.rows;
}

/**
 * Long work over rows, in slices of about two milliseconds with a turn of the event loop between them, so that one large
 * request cannot hold up small ones. The first slice is done before this returns.
 */
export const inSlices: InSlices = async (rows, work) => {
  const task = { rows, work, done: 0 };
  while (!advance(task)) await new Promise(setImmediate);
};

/**
 * The same for many callers at once: between two turns of the event loop one slice of one of them is done, so that many
 * large requests together hold up small ones no longer than one does.
 */
export function createInSlices(): InSlices {
  const waiting: (Task & { resolve: () => void; reject: (error: unknown) => void })[] = [];
  const turn = (): void => {
    const task = waiting.shift()!;
    try {
      if (advance(task)) task.resolve();
      else waiting.push(task);
    } catch (error) {
      task.reject(error);
    }
    if (waiting.length > 0) setImmediate(turn);
  };
  return (rows, work) =>
    new Promise((resolve, reject) => {
      waiting.push({ rows, work, done: 0, resolve, reject });
      if (waiting.length === 1) setImmediate(turn);
    });
}
