import type { RunningProcess } from '../core/run-process.js';
import { runTraced, type Started } from '../core/telemetry/run-traced.js';
import { loadServiceSettings, type ServiceSettings } from './settings.js';
import { isWorker, runPrimary, shareOfWorker } from './workers/run.js';
import { workerOf } from './workers/team.js';

await runTraced('service', loadServiceSettings, start, {
  frugal: true,
  // A primary answers no requests itself.
  isTraced: (settings) => isWorker || settings.SERVICE_WORKERS === 1,
});

async function start(started: Started<ServiceSettings>): Promise<RunningProcess> {
  const { settings, logger, signal } = started;
  const { endTimeoutMs, startService } = await import('./run.js');
  const endMs = endTimeoutMs(settings);
  if (isWorker) {
    // A signal to the whole process group is for the primary.
    process.on('SIGUSR2', () => undefined);
    const worker = await startService({ ...started, settings: shareOfWorker(settings), join: workerOf(process) });
    return { ...worker, endTimeoutMs: endMs };
  }
  if (settings.SERVICE_WORKERS === 1) {
    process.on('SIGUSR2', () =>
      logger.warn({}, 'one process cannot be replaced without a pause: set SERVICE_WORKERS to 2'),
    );
    return { ...(await startService(started)), endTimeoutMs: endMs };
  }
  const primary = await runPrimary({ settings, logger, signal, endMs });
  process.on('SIGUSR2', () => void primary.replaceAll());
  // The workers have `endMs`; what is left then is killed.
  return { ...primary, endTimeoutMs: endMs + 2_000 };
}
