import { createTask, validate } from 'node-cron';

/** A running schedule. */
export interface Schedule {
  /** Longest time between two of the next runs, in seconds. */
  periodSeconds: number;
  stop(): Promise<void>;
}

/** Whether text is a cron expression of five fields, or six with seconds first. */
export function isCronExpression(expression: string): boolean {
  return validate(expression);
}

/** Calls `run` whenever `expression` is due, in UTC. A call may come while an earlier one is under way. */
export function startSchedule(expression: string, run: () => Promise<unknown>): Schedule {
  const task = createTask(expression, run, { timezone: 'UTC', suppressMissedWarning: true });
  void task.start();
  const next = task.getNextRuns(50).map((date) => date.getTime() / 1_000);
  const gaps = next.slice(1).map((seconds, i) => seconds - next[i]!);
  return {
    periodSeconds: Math.max(...gaps),
    stop: async () => {
      await task.destroy();
    },
  };
}
