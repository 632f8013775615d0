import type { InSlices } from '../core/in-slices.js';
import { waitForDatabase } from '../core/postgres/wait.js';
import type { Logger } from '../core/telemetry/logger.js';
import type { Capture } from './capture/capture.js';
import { type InvalidRequests, keepInvalidRequests } from './invalid-requests.js';
import { keepKeys } from './keys/keep-keys.js';
import type { KeyCheck } from './keys/key-check.js';
import type { ServiceMetrics } from './metrics/metrics.js';
import type { Champions } from './models/champions.js';
import { loadServingModel } from './models/load-serving-model.js';
import { createRefresh } from './models/refresh.js';
import { watchRegistry } from './models/watch.js';
import { keepPartitions } from './partitions.js';
import type { Pools } from './pools.js';
import type { ServiceSettings } from './settings.js';

/** A query of the keys that takes longer has failed: it is asked again by the next poll. */
const KEYS_TIMEOUT_MS = 5_000;

/** Waits for Postgres, prepares the partitions, lets the spool be shipped, then keeps the champions those of the registry until the end. */
export async function serveModels(options: {
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
  /** Told each time the champions are those of the registry, or the keys those of Postgres, once both are. */
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
  let loaded = false;
  const settle = (): void => {
    if (loaded && (keys?.isReady() ?? true)) onLoaded();
  };
  const kept = keys && keepKeys({ ...watching, keys, queryTimeoutMs: KEYS_TIMEOUT_MS, onKnown: settle });
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
      loaded = true;
      settle();
    },
  });
  await kept;
  await partitions;
  await counted;
}
