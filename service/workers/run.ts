import cluster from 'node:cluster';
import { Registry } from 'prom-client';
import type { Logger } from '../../core/telemetry/logger.js';
import { collectProcessMetrics } from '../../core/telemetry/process-metrics.js';
import type { ServiceSettings } from '../settings.js';
import { createConnectionKeeper } from './connection-keeper.js';
import { createPrimary } from './primary.js';
import { LISTEN_WHEN_READY } from './team.js';
import { followWorker } from './worker.js';
import { createWorkerMetrics } from './worker-metrics.js';

/** Whether this process is a worker that a primary forked. */
export const isWorker = cluster.isWorker;

/** A primary whose workers listen. */
export interface RunningPrimary {
  replaceAll(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Runs the service as `SERVICE_WORKERS` processes that share the port. Connections go to them in turn, not to whoever is
 * quickest to accept: so a worker that closes its side hands connections it has not taken on to the others.
 * @param options.endMs  how long the workers have to end in good order
 */
export async function runPrimary(options: {
  settings: ServiceSettings;
  logger: Logger;
  signal: AbortSignal;
  endMs: number;
}): Promise<RunningPrimary> {
  const { settings, logger, signal, endMs } = options;
  cluster.schedulingPolicy = cluster.SCHED_RR;
  const metrics = new Registry();
  collectProcessMetrics(metrics);
  const keepConnections = createConnectionKeeper();
  const primary = createPrimary({
    count: settings.SERVICE_WORKERS,
    fork: (whenReady, answer) => {
      cluster.setupPrimary({ args: whenReady ? [LISTEN_WHEN_READY] : [] });
      const worker = cluster.fork();
      keepConnections(worker.process);
      return followWorker(worker, answer);
    },
    metrics,
    workerMetrics: createWorkerMetrics(metrics),
    logger,
  });
  signal.addEventListener('abort', () => void primary.close(endMs), { once: true });
  await primary.start();
  logger.info({ workers: settings.SERVICE_WORKERS }, 'all workers listen');
  return { replaceAll: primary.replaceAll, close: () => primary.close(endMs) };
}

/** What of the limits of the whole service one worker has. */
export function shareOfWorker(settings: ServiceSettings): ServiceSettings {
  const workers = settings.SERVICE_WORKERS;
  const share = (total: number, least: number): number => Math.max(least, Math.ceil(total / workers));
  return {
    ...settings,
    SERVICE_MAX_QUEUED_ROWS: share(settings.SERVICE_MAX_QUEUED_ROWS, 1),
    SERVICE_BODY_MEMORY_BYTES: share(settings.SERVICE_BODY_MEMORY_BYTES, settings.SERVICE_MAX_BODY_BYTES),
    SERVICE_MAX_CONNECTIONS: share(settings.SERVICE_MAX_CONNECTIONS, 1),
    SERVICE_DATABASE_CONNECTIONS: share(settings.SERVICE_DATABASE_CONNECTIONS, 2),
    SERVICE_SPOOL_MAX_BYTES: share(settings.SERVICE_SPOOL_MAX_BYTES, 65_536),
  };
}
