import { randomFillSync } from 'node:crypto';
import { listenOn } from '../core/http/listen.js';
import { createInSlices, type InSlices } from '../core/in-slices.js';
import type { Pool } from '../core/postgres/pool.js';
import { watchPools } from '../core/postgres/pool-metrics.js';
import { waitForDatabase } from '../core/postgres/wait.js';
import type { Logger } from '../core/telemetry/logger.js';
import { noTracing, type Tracing } from '../core/telemetry/tracing.js';
import { createApp } from './app.js';
import { type Capture, createCapture } from './capture/capture.js';
import type { Spool } from './capture/spool.js';
import { createDataPath } from './data-path.js';
import { createBodyBudget } from './http/body-budget.js';
import { createHttpServer, type HttpLimits, type HttpServer } from './http/server.js';
import { createInvalidRequests, type InvalidRequests, keepInvalidRequests } from './invalid-requests.js';
import { keepKeys } from './keys/keep-keys.js';
import { createKeyCheck, type KeyCheck } from './keys/key-check.js';
import { createServiceMetrics, type ServiceMetrics } from './metrics/metrics.js';
import { type Champions, createChampions } from './models/champions.js';
import { loadServingModel } from './models/load-serving-model.js';
import { createRefresh } from './models/refresh.js';
import { watchRegistry } from './models/watch.js';
import { createNewId } from './new-id.js';
import { objectivesOf } from './objective-settings.js';
import { createTurns, type TakeTurn } from './outcomes/turns.js';
import { keepPartitions } from './partitions.js';
import { createPools, type Pools } from './pools.js';
import { type Admission, createAdmission } from './predict/admission.js';
import type { ServiceSettings } from './settings.js';
import { createV2 } from './v2/handler.js';
import { alone, type JoinTeam, type Team } from './workers/team.js';

/** A running prediction service. */
export interface RunningService {
  port: number;
  /**
   * Says that it is not ready, takes requests for a little longer, answers what was accepted, ships the spool for a
   * bounded time, lets go of the models and of Postgres.
   */
  close(): Promise<void>;
}

/** What the service is started with. */
export interface ServiceOptions {
  settings: ServiceSettings;
  logger: Logger;
  tracing?: Tracing;
  /** Aborted when the process is to end; `close` does the same. */
  signal?: AbortSignal;
  /** Makes it one of several processes of a service. */
  join?: JoinTeam;
}

/** Outcomes requests that may wait for each one that runs; they hold their bodies meanwhile. */
const WAITING_PER_TURN = 8;

/**
 * Starts the prediction service: listens at once (live), then waits for Postgres and loads the champions (ready). One
 * process of several listens only when it is ready, if others answer meanwhile.
 * @throws Error when the port cannot be had
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { settings, logger, signal, tracing = noTracing, join = alone } = options;
  const pools = createPools({
    connectionString: settings.DATABASE_URL,
    connections: settings.SERVICE_DATABASE_CONNECTIONS,
    onError: (err) => logger.warn({ err }, 'an idle connection to Postgres was lost'),
  });
  const admission = createAdmission({
    maxRows: settings.SERVICE_MAX_QUEUED_ROWS,
    maxWaitMs: settings.SERVICE_MAX_WAIT_MS,
  });
  const metrics = createServiceMetrics({
    waitingRows: admission.waiting,
    limitRows: settings.SERVICE_MAX_QUEUED_ROWS,
    objectives: objectivesOf(settings),
  });
  watchPools(metrics.registry, { capture: pools.capture, requests: pools.requests });
  const champions = createChampions({ onError: (err) => logger.error({ err }, 'a session could not be freed') });
  const newId = createNewId({ now: Date.now, fillRandom: randomFillSync });
  const isModel = (name: string): boolean => champions.get(name) !== undefined;
  const invalidRequests = createInvalidRequests({ now: Date.now, isModel });
  const capture = await openCapture({ settings, pool: pools.capture, metrics, logger, newId });
  const keys = settings.SERVICE_API_KEYS === 'required' ? createKeyCheck({ now: Date.now }) : undefined;
  const ending = new AbortController();
  signal?.addEventListener('abort', () => ending.abort(), { once: true });
  const isReady = (): boolean =>
    !ending.signal.aborted && champions.ready && hasRoom(capture.spool) && (keys?.isReady() ?? true);
  const team = join({ isReady, metrics: metrics.registry });
  const eachSlice = createInSlices();
  const shared = { settings, pools, metrics, champions, invalidRequests, capture, eachSlice, logger, keys };
  const http = createHandlers({ ...shared, admission, newId, team, tracing });
  const loaded = new AbortController();
  const serving = serveModels({ ...shared, signal: ending.signal, onLoaded: () => loaded.abort() });
  if (team.listenWhenReady) await aborted(AbortSignal.any([loaded.signal, ending.signal]));
  const port = await listenOn(http.server, {
    host: settings.SERVICE_HOST,
    port: settings.SERVICE_PORT,
    setting: 'SERVICE_PORT',
  }).catch(async (error: unknown) => {
    ending.abort();
    await serving;
    await capture.close();
    await pools.end();
    throw error;
  });
  logger.info({ host: settings.SERVICE_HOST, port, apiKeys: settings.SERVICE_API_KEYS }, 'listening');
  return {
    port,
    close: async () => {
      ending.abort();
      const deaf = team.isRetired();
      await http.drain({ lameDuckMs: settings.SERVICE_LAME_DUCK_MS, patienceMs: DRAIN_MS, deaf });
      await serving;
      await capture.close();
      await champions.close();
      await pools.end();
      await team.leave();
    },
  };
}

/** How long answers under way are waited for at the end. */
const DRAIN_MS = 10_000;
/** What else the end may take: shipping the spool, Postgres. */
const REST_MS = 10_000;

/** How long the service may take to end in good order. */
export function endTimeoutMs(settings: ServiceSettings): number {
  return settings.SERVICE_LAME_DUCK_MS + DRAIN_MS + REST_MS;
}

/** Everything that answers requests, behind the limits of what a client may take. */
function createHandlers(options: {
  settings: ServiceSettings;
  pools: Pools;
  admission: Admission;
  metrics: ServiceMetrics;
  champions: Champions;
  newId: () => string;
  invalidRequests: InvalidRequests;
  capture: Capture;
  eachSlice: InSlices;
  keys: KeyCheck | undefined;
  team: Team;
  logger: Logger;
  tracing: Tracing;
}): HttpServer {
  const { settings, pools, admission, metrics, champions, newId, capture, eachSlice, team, logger, tracing } = options;
  const { invalidRequests, keys } = options;
  const bodies = createBodyBudget({
    maxBytes: settings.SERVICE_MAX_BODY_BYTES,
    totalBytes: settings.SERVICE_BODY_MEMORY_BYTES,
  });
  const shared = {
    pool: pools.requests,
    champions,
    metrics,
    logger,
    tracing,
    newId,
    invalidRequests,
    spool: capture.spool,
    pending: capture.pending,
    bodies,
    admission,
    eachSlice,
    keys,
    deadlineMs: settings.SERVICE_REQUEST_DEADLINE_MS,
    maxInstances: settings.SERVICE_MAX_INSTANCES,
  };
  const app = createApp({ ...shared, readMetrics: team.readMetrics, takeOutcomesTurn: outcomesTurns(pools) });
  const dataPath = createDataPath(shared);
  const v2 = createV2({ ...shared, isReady: team.isReady });
  return createHttpServer({
    handle: (request, response) => dataPath(request, response) || v2(request, response) || app(request, response),
    limits: httpLimits(settings),
    bodies,
    refusals: metrics.refusals,
  });
}

/** So that connections spread over workers that were started later. */
const REQUESTS_PER_CONNECTION = 10_000;

function httpLimits(settings: ServiceSettings): HttpLimits {
  const receiveTimeoutMs = settings.SERVICE_RECEIVE_TIMEOUT_SECONDS * 1_000;
  return {
    receiveTimeoutMs,
    headTimeoutMs: Math.min(settings.SERVICE_HEAD_TIMEOUT_SECONDS * 1_000, receiveTimeoutMs),
    // A client may take as long to read as to write.
    unreadMs: receiveTimeoutMs,
    keepAliveMs: settings.SERVICE_KEEP_ALIVE_SECONDS * 1_000,
    maxConnections: settings.SERVICE_MAX_CONNECTIONS,
    maxRequestsPerConnection: settings.SERVICE_WORKERS > 1 ? REQUESTS_PER_CONNECTION : 0,
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
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
  invalidRequests: InvalidRequests;
  keys: KeyCheck | undefined;
  signal: AbortSignal;
  /** Told each time the champions are those of the registry. */
  onLoaded: () => void;
}): Promise<void> {
  const { settings, pools, champions, metrics, logger, capture, invalidRequests, keys } = options;
  const { eachSlice, signal, onLoaded } = options;
  const pool = pools.requests;
  if (!(await waitForDatabase(pool, logger, signal))) return;
  const partitions = keepPartitions({ db: pool, now: () => new Date(), logger, signal });
  const counted = keepInvalidRequests({ db: pool, requests: invalidRequests, logger, signal });
  const pollMs = settings.SERVICE_REGISTRY_POLL_SECONDS * 1_000;
  const watching = { connectionString: settings.DATABASE_URL, pollMs, logger, signal };
  const kept = keys && keepKeys({ ...watching, pool, keys });
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
  const refresh = createRefresh({ pool, champions, load, metrics: metrics.loads, logger });
  await watchRegistry({
    ...watching,
    refresh: async () => {
      await refresh();
      onLoaded();
    },
  });
  await kept;
  await partitions;
  await counted;
}
