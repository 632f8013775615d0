import { type RunningProcess, runProcess } from '../run-process.js';
import { createLogger, type Logger } from './logger.js';
import type { TracingSettings } from './settings.js';
import { noTracing, startTracing, type Tracing } from './tracing.js';

/** What a process is started with. */
export interface Started<Settings> {
  settings: Settings;
  logger: Logger;
  tracing: Tracing;
  /** Aborted when the process is to end. */
  signal: AbortSignal;
}

/**
 * Runs a process as `runProcess` does, with settings, logger and tracing made first: `start` imports the rest of the
 * process when tracing has begun, so that it can be instrumented. What is left to send is sent after the process has closed.
 */
export async function runTraced<Settings extends TracingSettings & { LOG_LEVEL: string }>(
  name: string,
  loadSettings: () => Settings,
  start: (started: Started<Settings>) => Promise<RunningProcess>,
  options: { frugal?: boolean; isTraced?: (settings: Settings) => boolean } = {},
): Promise<void> {
  await runProcess(name, async (signal) => {
    const settings = loadSettings();
    const logger = createLogger(name, settings.LOG_LEVEL);
    const { isTraced = () => true } = options;
    const tracing = isTraced(settings) ? await startTracing(name, settings, options) : noTracing;
    const running = await start({ settings, logger, tracing, signal });
    return {
      ...running,
      close: async () => {
        await running.close();
        await tracing.close();
      },
    };
  });
}
