import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { listenOn } from '../core/http/listen.js';
import { createMlflowClient } from '../core/mlflow/client.js';
import { createPool } from '../core/postgres/pool.js';
import { watchPools } from '../core/postgres/pool-metrics.js';
import { waitForDatabase } from '../core/postgres/wait.js';
import type { RunningProcess } from '../core/run-process.js';
import type { Logger } from '../core/telemetry/logger.js';
import type { TracingSettings } from '../core/telemetry/settings.js';
import { noTracing, type Tracing } from '../core/telemetry/tracing.js';
import { createApp } from './app.js';
import { every } from './every.js';
import { startWorker, type Worker } from './jobs/worker.js';
import { createMetrics } from './metrics.js';
import { createRolloutPass } from './rollout/pass.js';
import { type TrainerSettings, trainingEnvironment } from './settings.js';

/** A running trainer. */
export interface RunningTrainer extends RunningProcess {
  port: number;
}

const ROLLOUT_INTERVAL_MS = 15_000;

/** Starts the trainer: waits for the database, listens, takes jobs. `signal` begins its end. */
export async function startTrainer(options: {
  settings: Omit<TrainerSettings, keyof TracingSettings>;
  logger: Logger;
  signal: AbortSignal;
  tracing?: Tracing;
  now?: () => Date;
  /** How often jobs of dead trainers are looked for. */
  recoveryIntervalMs?: number;
  /** How often rollouts and new champions are judged. */
  rolloutIntervalMs?: number;
}): Promise<RunningTrainer> {
  const { settings, logger, signal, tracing = noTracing, now = () => new Date() } = options;
  const pool = createPool({
    connectionString: settings.DATABASE_URL,
    applicationName: 'plumbline-trainer',
    onError: (error) => logger.warn({ err: error }, 'idle Postgres connection lost'),
  });
  const metrics = createMetrics();
  watchPools(metrics.registry, { all: pool });
  let worker: Worker | undefined;
  let stopRollouts = async (): Promise<void> => undefined;
  const app = createApp({
    pool,
    logger,
    metrics,
    tracing,
    token: settings.TRAINER_WEBHOOK_TOKEN,
    cooldownMinutes: settings.TRAINER_COOLDOWN_MINUTES,
    isWorking: () => worker?.isWorking() ?? false,
  });
  const server = createServer(app);
  const close = async (): Promise<void> => {
    await new Promise((closed) => {
      server.close(closed);
      server.closeIdleConnections();
    });
    await stopRollouts();
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
      const pass = createRolloutPass(context);
      stopRollouts = every(options.rolloutIntervalMs ?? ROLLOUT_INTERVAL_MS, () =>
        pass().catch((err: unknown) => logger.warn({ err }, 'rollouts could not be read, trying again')),
      );
    }
    logger.info({ host: settings.TRAINER_HOST, port }, 'listening');
    return { port, close };
  } catch (error) {
    await pool.end();
    throw error;
  }
}
