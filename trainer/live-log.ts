import type { Pool } from '../core/postgres/pool.js';
import { writeLog } from './jobs/runs.js';

const WRITE_INTERVAL_MS = 1_000;
/** Most characters that are kept, the last ones. */
const LOG_LIMIT = 200_000;

/** Keeps what a training command prints with its run while it is still running. */
export interface LiveLog {
  add(text: string): void;
  /** Writes no more, and waits for a write under way. */
  close(): Promise<void>;
}

/** Writes the log at most once a second; a write that fails is left to the next, and to the one at the command's end. */
export function createLiveLog(pool: Pool, trainingRunId: string): LiveLog {
  let log = '';
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  const write = (): void => {
    timer = undefined;
    writing = writing.then(() => writeLog(pool, trainingRunId, log)).catch(() => undefined);
  };
  return {
    add(text) {
      log = (log + text).slice(-LOG_LIMIT);
      timer ??= setTimeout(write, WRITE_INTERVAL_MS);
    },
    async close() {
      clearTimeout(timer);
      await writing;
    },
  };
}
