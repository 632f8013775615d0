import { randomFillSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { listenOn } from '../core/http/listen.js';
import { createInSlices, type InSlices } from '../core/in-slices.js';
import type { Pool } from '../core/postgres/pool.js';
import { waitForDatabase } from '../core/postgres/wait.js';
import type { Logger } from '../core/telemetry/logger.js';
import { createApp } from './app.js';
import { type Capture, createCapture } from './capture/capture.js';
import type { Spool } from './capture/spool.js';
import { createDataPath } from './data-path.js';
import { createServiceMetrics, type ServiceMetrics } from './metrics/metrics.js';
import { type Champions, createChampions } from './models/champions.js';
import { loadServingModel } from './models/load-serving-model.js';
import { createRefresh } from './models/refresh.js';
import { watchRegistry } from './models/watch.js';
import { createNewId } from './new-id.js';
import { createTurns, type TakeTurn } from './outcomes/turns.js';
import { keepPartitions } from './partitions.js';
import { createPools, type Pools } from './pools.js';
import { createAdmission } from './predict/admission.js';
import type { ServiceSettings } from './settings.js';
import { createV2 } from './v2/handler.js';

/** A running prediction service. */
export interface RunningService {
  port: number;
  /** Stops accepting, answers what was accepted, ships the spool for a bounded time, lets go of the models and of Postgres. */
  close(): Promise<void>;
}

/** What the service is started with. */
export interface ServiceOptions {
  settings: ServiceSettings;
  logger: Logger;
  /** Aborted when the process is to end; `close` does the same. */
  signal?: AbortSignal;
}

/** Outcomes requests that may wait for each one that runs; they hold their bodies meanwhile. */
const WAITING_PER_TURN = 8;

/**
 * Starts the prediction service: listens at once (live), then waits for Postgres and loads the champions (ready).
 * @throws Error when the port cannot be had
 */
export async function startService({ settings, logger, signal }: ServiceOptions): Promise<RunningService> {
  const pools = createPools({
    connectionString: settings.DATABASE_URL,
    connections: settings.SERVICE_DATABASE_CONNECTIONS,
    onError: (err) => logger.warn({ err }, 'an idle connection to Postgres was lost'),
  });
  const admission = createAdmission(settings.SERVICE_MAX_QUEUED_ROWS);
  const metrics = createServiceMetrics({ waitingRows: admission.waiting });
  const champions = createChampions({ onError: (err) => logger.error({ err }, 'a session could not be freed') });
  const limits = { maxBodyBytes: settings.SERVICE_MAX_BODY_BYTES, maxInstances: settings.SERVICE_MAX_INSTANCES };
  const newId = createNewId({ now: Date.now, fillRandom: randomFillSync });
  const capture = await openCapture({ settings, pool: pools.capture, metrics, logger, newId });
  const eachSlice = createInSlices();
  const shared = {
    eachSlice,
    pool: pools.requests,
    champions,
    metrics,
    logger,
    newId,
    spool: capture.spool,
    pending: capture.pending,
    ...limits,
  };
  const app = createApp({ ...shared, takeOutcomesTurn: outcomesTurns(pools) });
  const dataPath = createDataPath({ ...shared, admission });
  const v2 = createV2({ ...shared, admission, isReady: async () => champions.ready && hasRoom(capture.spool) });
  const server = createHttpServer(
    (request, response) => dataPath(request, response) || v2(request, response) || app(request, response),
  );
  const ending = new AbortController();
  signal?.addEventListener('abort', () => ending.abort(), { once: true });
  const port = await listenOn(server, {
    host: settings.SERVICE_HOST,
    port: settings.SERVICE_PORT,
    setting: 'SERVICE_PORT',
  }).catch(async (error: unknown) => {
    await capture.close();
    await pools.end();
    throw error;
  });
  logger.info({ host: settings.SERVICE_HOST, port }, 'listening');
  const serving = serveModels({
    settings,
    pools,
    champions,
    metrics,
    logger,
    capture,
    eachSlice,
    signal: ending.signal,
  });
  return {
    port,
    close: async () => {
      ending.abort();
      await closeServer(server);
      await serving;
      await capture.close();
      await champions.close();
      await pools.end();
    },
  };
}

/** What keeps outcomes from taking every connection. */
function outcomesTurns({ requests }: Pools): TakeTurn {
  const running = Math.max(1, Math.floor(requests.options.max / 2));
  return createTurns({ running, waiting: WAITING_PER_TURN * running });
}

/** Whether the spool takes rows: where it does not, predictions are refused, so the service is not ready. */
function hasRoom(spool: Pick<Spool, 'assertRoom'>): boolean {
  try {
    spool.assertRoom();
    return true;
  } catch {
    return false;
  }
}

function openCapture(options: {
  settings: ServiceSettings;
  pool: Pool;
  metrics: ServiceMetrics;
  logger: Logger;
  newId: () => string;
}): Promise<Capture> {
  const { settings, pool, metrics, logger, newId } = options;
  return createCapture({
    folder: settings.SERVICE_SPOOL_FOLDER,
    maxBytes: settings.SERVICE_SPOOL_MAX_BYTES,
    durability: settings.SERVICE_SPOOL_DURABILITY,
    commitTimeoutMs: settings.SERVICE_COMMIT_TIMEOUT_SECONDS * 1_000,
    pool,
    newId,
    metrics: metrics.capture,
    logger,
    random: Math.random,
    now: Date.now,
  });
}

/** Waits for Postgres, prepares the partitions, lets the spool be shipped, then keeps the champions those of the registry until the end. */
async function serveModels(options: {
  settings: ServiceSettings;
  pools: Pools;
  champions: Champions;
  metrics: ServiceMetrics;
  logger: Logger;
  capture: Capture;
  eachSlice: InSlices;
  signal: AbortSignal;
}): Promise<void> {
  const { settings, pools, champions, metrics, logger, capture, eachSlice, signal } = options;
  const pool = pools.requests;
  if (!(await waitForDatabase(pool, logger, signal))) return;
  const partitions = keepPartitions({ db: pool, now: () => new Date(), logger, signal });
  void capture.start();
  const surroundings = {
    pool,
    metrics,
    spool: capture.spool,
    maxInstances: settings.SERVICE_MAX_INSTANCES,
    sliceRows: settings.SERVICE_SLICE_ROWS,
    eachSlice,
  };
  const load = (version: Parameters<typeof loadServingModel>[0]) => loadServingModel(version, surroundings);
  await watchRegistry({
    connectionString: settings.DATABASE_URL,
    refresh: createRefresh({ pool, champions, load, metrics: metrics.loads, logger }),
    pollMs: settings.SERVICE_REGISTRY_POLL_SECONDS * 1_000,
    logger,
    signal,
  });
  await partitions;
}

const REQUEST_TIMEOUT_MS = 30_000;
// Longer than the idle time of common load balancers (60 s), so that they close first.
const KEEP_ALIVE_MS = 65_000;
const DRAIN_MS = 10_000;

function createHttpServer(handle: Parameters<typeof createServer>[1] & object): Server {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    (request, response) => {
      if (!server.listening) response.shouldKeepAlive = false;
      handle(request, response);
    },
  );
  return server;
}

/** Stops accepting, waits for the answers under way, and cuts what is left after ten seconds. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(deadline);
}
