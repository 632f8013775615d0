import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Pool } from '../../core/postgres/pool.js';
import { visitRecords } from '../../core/spool/list-segments.js';
import { recordIds } from '../../core/spool/record.js';
import { loggable } from '../../core/telemetry/loggable.js';
import type { Logger } from '../../core/telemetry/logger.js';
import type { CaptureMetrics } from '../metrics/capture.js';
import { PREDICTION_COLUMNS } from '../predict/prediction-tuples.js';
import { adoptSegments } from './adopt.js';
import { type ClaimedFolder, claimFolder } from './claim-folder.js';
import { createShipper } from './shipper.js';
import { createSpool, type Spool } from './spool.js';
import { createStorePart } from './store-part.js';

/** What capture is made with. */
export interface CaptureOptions {
  folder: string;
  maxBytes: number;
  durability: 'os' | 'disk';
  commitTimeoutMs: number;
  pool: Pool;
  newId: () => string;
  metrics: CaptureMetrics;
  logger: Logger;
  random: () => number;
  now: () => number;
}

/** Acknowledged rows that may not be in Postgres yet: asked where Postgres does not know an id. */
export interface PendingRows {
  /** Waits a little until what this process has appended is stored. */
  settle(): Promise<void>;
  /** Those of the ids that are in the spool of any process of this machine as predictions of the model (of any, when undefined). */
  find(ids: string[], modelName?: string): Promise<Set<string>>;
}

/** The way of a prediction from its answer into Postgres. */
export interface Capture {
  spool: Pick<Spool, 'append' | 'assertRoom' | 'partBytes'>;
  pending: PendingRows;
  /** Takes over what dead processes left and ships until `close`. Resolves once the first of it is taken over. */
  start(): Promise<void>;
  /** Ships for a bounded time; what is left stays on disk for the next start. */
  close(): Promise<void>;
}

const ADOPT_EVERY_MS = 10_000;
const SETTLE_MS = 1_000;
const DRAIN_MS = 5_000;

/**
 * Opens the spool. A folder that cannot be made for want of space is tried again with each write: the service must
 * come up to ship what fills the disk.
 * @throws Error  the folder cannot be used at all
 */
export async function createCapture(options: CaptureOptions): Promise<Capture> {
  const { pool, newId, metrics, logger, now } = options;
  const root = resolve(options.folder);
  const spoolId = newId();
  let claimed: Promise<ClaimedFolder> | undefined;
  const claim = (): Promise<ClaimedFolder> => {
    claimed ??= mkdir(root, { recursive: true, mode: 0o700 })
      .then(() => claimFolder(root, spoolId))
      .catch((error: unknown) => {
        claimed = undefined;
        throw error;
      });
    return claimed;
  };
  await claim().catch(unlessFull(root, logger));
  const spool = createSpool({
    folder: async () => (await claim()).path,
    spoolId,
    columns: PREDICTION_COLUMNS,
    durability: options.durability,
    maxBytes: options.maxBytes,
    now,
    onState: (error) => {
      if (error === undefined) logger.info({}, 'predictions are taken in again');
      else logger.error({ err: loggable(error) }, 'predictions are refused: the spool cannot take them');
    },
  });
  metrics.watch(spool, now, options.maxBytes);
  const store = createStorePart({ pool, newId, now, timeoutMs: options.commitTimeoutMs });
  const shipper = createShipper({ spool, store, metrics, logger, random: options.random, now });
  const adopt = createAdopt({ root, claim, spool, metrics, logger });
  let running: Promise<unknown> | undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    spool,
    pending: { settle: async () => void (await shipper.settle(SETTLE_MS)), find: createFind(root) },
    start: () => {
      const adopted = adopt();
      running = adopted.then(() => shipper.run());
      timer = setInterval(() => void adopt(), ADOPT_EVERY_MS);
      timer.unref();
      return adopted;
    },
    close: async () => {
      clearInterval(timer);
      if (running) await shipper.settle(DRAIN_MS);
      shipper.stop();
      await running;
      await spool.close();
      if (spool.rows() > 0)
        logger.warn({ rows: spool.rows(), folder: root }, 'rows stay in the spool for the next start');
      await (await claimed?.catch(() => undefined))?.release();
    },
  };
}

/** Takes over the segments of dead processes; one pass at a time. */
function createAdopt(options: {
  root: string;
  claim: () => Promise<ClaimedFolder>;
  spool: Spool;
  metrics: CaptureMetrics;
  logger: Logger;
}): () => Promise<void> {
  const { root, claim, spool, metrics, logger } = options;
  const told = new Set<string>();
  let active: Promise<void> | undefined;
  const pass = async (): Promise<void> => {
    try {
      const { segments, rows, tornTails, tornBytes, foreign, error } = await adoptSegments(root, (await claim()).path);
      spool.adopt(segments);
      metrics.adopted({ rows, tornTails, tornBytes });
      if (rows > 0 || tornTails > 0)
        logger.info({ rows, tornTails, tornBytes }, 'took over what a dead process left in the spool');
      if (error) throw error;
      for (const folder of foreign.filter((path) => !told.has(path))) {
        told.add(folder);
        logger.warn(
          { folder },
          'this part of the spool is of another machine; start a service there, or move its segments into a folder of this one',
        );
      }
    } catch (error) {
      logger.error(
        { err: loggable(error), folder: root },
        'what dead processes left in the spool cannot be taken over now',
      );
    }
  };
  return () => {
    active ??= pass().finally(() => {
      active = undefined;
    });
    return active;
  };
}

/** Searches the spool for ids, one search at a time: it may read all of it. */
function createFind(root: string): PendingRows['find'] {
  let last: Promise<unknown> = Promise.resolve();
  const search = async (ids: string[], modelName: string | undefined): Promise<Set<string>> => {
    const wanted = new Set(ids);
    const found = new Set<string>();
    await visitRecords(root, (record) => {
      if (modelName !== undefined && record.modelName !== modelName) return;
      for (const id of recordIds(record)) if (wanted.has(id)) found.add(id);
    });
    return found;
  };
  return async (ids, modelName) => {
    const mine = last.then(() => search(ids, modelName));
    last = mine.catch(() => undefined);
    return mine;
  };
}

function unlessFull(root: string, logger: Logger): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') {
      throw new Error(
        `the spool folder ${root} cannot be used: ${error.message}; set SERVICE_SPOOL_FOLDER to another`,
        {
          cause: error,
        },
      );
    }
    logger.error(
      { err: loggable(error), folder: root },
      'there is no room for the spool; predictions are refused until there is',
    );
  };
}
