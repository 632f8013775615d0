import { writeFile } from 'node:fs/promises';
import { encodeHead, encodeRecords, recordIds } from '../../core/spool/record.js';
import { inSpan } from '../../core/telemetry/in-span.js';
import { loggable } from '../../core/telemetry/loggable.js';
import type { Logger } from '../../core/telemetry/logger.js';
import type { CaptureMetrics } from '../metrics/capture.js';
import { halves, type Part, readPart } from './read-part.js';
import type { Segment } from './segment.js';
import type { Spool } from './spool.js';
import type { StoredPart } from './store-part.js';

/** Moves the spool into Postgres. */
export interface Shipper {
  /** Ships until `stop`; errors are counted and tried again. */
  run(): Promise<void>;
  /** Waits until all that this process has appended so far is stored. @returns false at the deadline */
  settle(timeoutMs: number): Promise<boolean>;
  /** Ends `run` after the part under way. */
  stop(): void;
}

/** Rows wait this long for company, so that a commit is shared by all that arrives meanwhile. */
const LINGER_MS = 100;
const LEAST_ROWS = 250;
const MOST_ROWS = 16_000;
/** A transaction that takes less could hold more rows; one that takes longer should hold fewer. */
const SHORT_SECONDS = 0.1;
const LONG_SECONDS = 0.5;
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 2_000;
/** SQLSTATE classes of rows that can never be stored: data exceptions, violated constraints. */
const UNSTORABLE = /^2[23]...$/;

const NOTHING = { stored: 0, duplicates: 0, rejected: 0 };

/** Creates a shipper. @param random  uniform in [0, 1), for the jitter of pauses */
export function createShipper(options: {
  spool: Spool;
  store: (part: Part) => Promise<StoredPart>;
  metrics: CaptureMetrics;
  logger: Logger;
  random: () => number;
  now: () => number;
}): Shipper {
  const { spool, store, metrics, logger, random, now } = options;
  let stopping = false;
  let hurried = 0;
  let wake = (): void => undefined;
  let batchRows = 1_000;
  let failures = 0;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const adapt = (part: Part, seconds: number): void => {
    if (seconds > LONG_SECONDS) batchRows = Math.max(LEAST_ROWS, Math.floor(batchRows / 2));
    else if (seconds < SHORT_SECONDS && part.rows > batchRows / 2) batchRows = Math.min(MOST_ROWS, batchRows * 2);
  };
  const shipNext = async (segment: Segment): Promise<void> => {
    const part = await readPart(segment, batchRows, (bytes) => {
      if (!segment.damaged)
        logger.error({ segment: segment.path, bytes }, 'a record of the spool is damaged and left out');
      segment.damaged = true;
      metrics.damagedRecord();
    });
    const started = performance.now();
    const result = part.rows === 0 ? NOTHING : await storeOrSetAside(segment, part);
    const seconds = (performance.now() - started) / 1_000;
    // Counted once the whole part is done: a part that is tried again counts its rows again.
    if (part.rows > 0) metrics.stored(result, seconds, Math.max(0, now() - part.records[0]!.firstMs) / 1_000);
    metrics.lost({ rejected: result.rejected, damaged: await spool.advance(segment, part.end, part.rows) });
    adapt(part, seconds);
  };
  /** One row must not hold up the others: what Postgres refuses is halved until the row is found, and that is set aside. */
  const storeOrSetAside = async (segment: Segment, part: Part): Promise<typeof NOTHING> => {
    try {
      return { ...(await inSpan('ship', { 'plumbline.rows': part.rows }, () => store(part))), rejected: 0 };
    } catch (error) {
      if (!UNSTORABLE.test(String((error as { code?: unknown }).code))) throw error;
      if (part.rows === 1) return await setAside(segment, part, error);
      const total = { ...NOTHING };
      for (const half of halves(part)) {
        const { stored, duplicates, rejected } = await storeOrSetAside(segment, half);
        total.stored += stored;
        total.duplicates += duplicates;
        total.rejected += rejected;
      }
      return total;
    }
  };
  const setAside = async (segment: Segment, part: Part, error: unknown): Promise<typeof NOTHING> => {
    const [record] = part.records;
    const path = `${segment.path}-${record!.firstRow}.rejected`;
    await writeFile(
      path,
      Buffer.concat([encodeHead(part.spoolId, part.columns), encodeRecords([record!], record!.firstRow)]),
    );
    logger.error(
      { err: loggable(error), predictionId: recordIds(record!)[0], path },
      'Postgres refuses this row; it is set aside in this file',
    );
    return { ...NOTHING, rejected: 1 };
  };
  const recover = (): void => {
    if (failures > 0) logger.info({ rows: spool.rows() }, 'predictions are stored again');
    failures = 0;
  };
  const onFailure = async (error: unknown): Promise<void> => {
    if (failures === 0)
      logger.warn(
        { err: loggable(error), rows: spool.rows() },
        'predictions wait in the spool: they cannot be stored now',
      );
    const longest = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures++);
    if (/did not finish within/.test(String((error as Error).message))) batchRows = LEAST_ROWS;
    await pause(longest * (0.5 + random() / 2));
  };
  return {
    run: async () => {
      while (!stopping) {
        const segment = spool.oldest();
        const few = spool.rows() < batchRows && hurried === 0;
        if (!segment || few) await pause(LINGER_MS);
        const next = spool.oldest();
        try {
          if (!next) await spool.rotateIdle();
          else {
            await shipNext(next);
            recover();
          }
        } catch (error) {
          await onFailure(error);
        }
      }
    },
    settle: async (timeoutMs) => {
      const { appended } = spool.progress();
      const end = performance.now() + timeoutMs;
      hurried++;
      wake();
      try {
        while (spool.progress().stored < appended) {
          if (performance.now() > end) return false;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        return true;
      } finally {
        hurried--;
      }
    },
    stop: () => {
      stopping = true;
      wake();
    },
  };
}
