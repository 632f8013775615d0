import { randomFillSync } from 'node:crypto';
import { listenOn } from '../core/http/listen.js';
import { createInSlices } from '../core/in-slices.js';
import type { Pool } from '../core/postgres/pool.js';
import { watchPools } from '../core/postgres/pool-metrics.js';
import type { Logger } from '../core/telemetry/logger.js';
import { noTracing, type Tracing } from '../core/telemetry/tracing.js';
import { type Capture, createCapture } from './capture/capture.js';
import type { Spool } from './capture/spool.js';
import { createHandlers } from './handlers.js';
import { createInvalidRequests } from './invalid-requests.js';
import { createKeyCheck } from './keys/key-check.js';
import { createServiceMetrics, type ServiceMetrics } from './metrics/metrics.js';
import { createChampions } from './models/champions.js';
import { createNewId } from './new-id.js';
import { objectivesOf } from './objective-settings.js';
import { createPools } from './pools.js';
import { createAdmission } from './predict/admission.js';
import { serveModels } from './serve-models.js';
import type { ServiceSettings } from './settings.js';
import { alone, type JoinTeam } from './workers/team.js';

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

/**
 * Starts the prediction service: listens at once (live), then waits for Postgres and loads the champions, and keys where they
 * are required (ready). One
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

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
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
