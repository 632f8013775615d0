import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { listenOn } from '../core/http/listen.js';
import { createMlflowClient } from '../core/mlflow/client.js';
import { createPool } from '../core/postgres/pool.js';
import { waitForDatabase } from '../core/postgres/wait.js';
import type { RunningProcess } from '../core/run-process.js';
import type { Logger } from '../core/telemetry/logger.js';
import type { TracingSettings } from '../core/telemetry/settings.js';
import { noTracing, type Tracing } from '../core/telemetry/tracing.js';
import { createApp } from './app.js';
import { startWorker, type Worker } from './jobs/worker.js';
import { createMetrics } from './metrics.js';
import { type TrainerSettings, trainingEnvironment } from './settings.js';

/** A running trainer. */
export interface RunningTrainer extends RunningProcess {
  port: number;
}

/** Starts the trainer: waits for the database, listens, takes jobs. `signal` begins its end. */
export async function startTrainer(options: {
  settings: Omit<TrainerSettings, keyof TracingSettings>;
  logger: Logger;
  signal: AbortSignal;
  tracing?: Tracing;
  now?: () => Date;
  /** How often jobs of dead trainers are looked for. */
  recoveryIntervalMs?: number;
}): Promise<RunningTrainer> {
  const { settings, logger, signal, tracing = noTracing, now = () => new Date() } = options;
  const pool = createPool({
    connectionString: settings.DATABASE_URL,
    applicationName: 'plumbline-trainer',
    onError: (error) => logger.warn({ err: error }, 'idle Postgres connection lost'),
  });
  const metrics = createMetrics();
  let worker: Worker | undefined;
  const app = createApp({
    pool,
    logger,
    metrics,
    tracing,
    token: settings.TRAINER_WEBHOOK_TOKEN,
    isWorking: () => worker?.isWorking() ?? false,
  });
  const server = createServer(app);
  const close = async (): Promise<void> => {
    await new Promise((closed) => {
      server.close(closed);
      server.closeIdleConnections();
    });
    await worker?.close();
    await pool.end();
  };
  try {
    const port = await listenOn(server, {
      host: settings.TRAINER_HOST,
      port: settings.TRAINER_PORT,
      setting: 'TRAINER_PORT',
    });
    if (await waitForDatabase(pool, logger, signal)) {
      const workFolder = settings.TRAINER_WORK_FOLDER ?? tmpdir();
      const commandEnvironment = trainingEnvironment();
      const mlflowUrl = settings.TRAINER_MLFLOW_URL;
      const mlflow = mlflowUrl !== undefined && { mlflow: createMlflowClient(mlflowUrl) };
      const context = { pool, logger, metrics, settings, workFolder, commandEnvironment, now, signal, ...mlflow };
      worker = await startWorker(context, options);
    }
    logger.info({ host: settings.TRAINER_HOST, port }, 'listening');
    return { port, close };
  } catch (error) {
    await pool.end();
    throw error;
  }
}
