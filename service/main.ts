import { runProcess } from '../core/run-process.js';
import { createLogger } from '../core/telemetry/logger.js';
import { endTimeoutMs, startService } from './run.js';
import { loadServiceSettings } from './settings.js';
import { isWorker, runPrimary, shareOfWorker } from './workers/run.js';
import { workerOf } from './workers/team.js';

await runProcess('service', async (signal) => {
  const settings = loadServiceSettings();
  const logger = createLogger('service', settings.LOG_LEVEL);
  const endMs = endTimeoutMs(settings);
  if (isWorker) {
    // A signal to the whole process group is for the primary.
    process.on('SIGUSR2', () => undefined);
    const join = workerOf(process);
    return {
      ...(await startService({ settings: shareOfWorker(settings), logger, signal, join })),
      endTimeoutMs: endMs,
    };
  }
  if (settings.SERVICE_WORKERS === 1) {
    process.on('SIGUSR2', () =>
      logger.warn('one process cannot be replaced without a pause: set SERVICE_WORKERS to 2'),
    );
    return { ...(await startService({ settings, logger, signal })), endTimeoutMs: endMs };
  }
  const primary = await runPrimary({ settings, logger, signal, endMs });
  process.on('SIGUSR2', () => void primary.replaceAll());
  // The workers have `endMs`; what is left then is killed.
  return { ...primary, endTimeoutMs: endMs + 2_000 };
});
