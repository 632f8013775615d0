import type { InSlices } from '../core/in-slices.js';
import type { Logger } from '../core/telemetry/logger.js';
import type { Tracing } from '../core/telemetry/tracing.js';
import { createApp } from './app.js';
import type { Capture } from './capture/capture.js';
import { createDataPath } from './data-path.js';
import { createBodyBudget } from './http/body-budget.js';
import { createHttpServer, type HttpLimits, type HttpServer } from './http/server.js';
import type { InvalidRequests } from './invalid-requests.js';
import type { KeyCheck } from './keys/key-check.js';
import type { ServiceMetrics } from './metrics/metrics.js';
import type { Champions } from './models/champions.js';
import { createTurns, type TakeTurn } from './outcomes/turns.js';
import type { Pools } from './pools.js';
import type { Admission } from './predict/admission.js';
import type { ServiceSettings } from './settings.js';
import { createV2 } from './v2/handler.js';
import type { Team } from './workers/team.js';

/** Everything that answers requests, behind the limits of what a client may take. */
export function createHandlers(options: {
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

/** Outcomes requests that may wait for each one that runs; they hold their bodies meanwhile. */
const WAITING_PER_TURN = 8;

/** What keeps outcomes from taking every connection. */
function outcomesTurns({ requests }: Pools): TakeTurn {
  const running = Math.max(1, Math.floor(requests.options.max / 2));
  return createTurns({ running, waiting: WAITING_PER_TURN * running });
}
