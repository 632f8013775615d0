import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { createTalliedCounter, type Tally } from './tally.js';

/** What of the spool is shown at each scrape. */
export interface WatchedSpool {
  rows(): number;
  bytes(): number;
  oldestMs(): number | undefined;
}

/** Counts prediction rows on their way: accepted + adopted = stored + duplicate + rejected + damaged + spooled. */
export interface CaptureMetrics {
  /** Rows written to the spool: their requests are answered. */
  accepted(rows: number): void;
  /** Rows refused because too many were waiting, they waited for too long, or the spool was full. */
  refused(rows: number): void;
  /** Rows that could not be written: their requests were refused. */
  failed(rows: number): void;
  /** What was taken over from dead processes. */
  adopted(found: { rows: number; tornTails: number; tornBytes: number }): void;
  /** Rows of one transaction, its length, and how long its oldest row had waited. */
  stored(rows: { stored: number; duplicates: number }, seconds: number, lagSeconds: number): void;
  /** Rows that Postgres refuses for good, set aside in a file, and rows of this process in damaged records. */
  lost(rows: { rejected: number; damaged: number }): void;
  /** A record whose checksum is wrong. */
  damagedRecord(): void;
  /** Shows the state of a spool. @param now  milliseconds since 1970 */
  watch(spool: WatchedSpool, now: () => number, limitBytes: number): void;
}

// A commit waits for about one fdatasync (1 ms on a local disk); the tail is a busy or distant server.
const COMMIT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
// A tenth of a second is what rows wait for company; minutes and hours are Postgres away.
const LAG_SECONDS = [0.05, 0.1, 0.15, 0.25, 0.5, 1, 5, 30, 60, 300, 3_600];
const RESULTS = [
  'accepted',
  'adopted',
  'stored',
  'duplicate',
  'rejected',
  'damaged',
  'left',
  'refused',
  'failed',
] as const;

/** Creates the metrics of capture at zero. */
export function createCaptureMetrics(registry: Registry): CaptureMetrics {
  const registers = [registry];
  const rows = createTalliedCounter({
    name: 'capture_rows_total',
    help: 'Prediction rows by what became of them: accepted (in the spool; answered, but for the first rows of a large request that failed half way), adopted (of a dead process), stored (in Postgres), duplicate (sent, and there already), rejected (by Postgres, set aside in a file), damaged (in the spool of the living process; the file is kept), left (in the spool by a worker process that ended, for another to adopt), refused (too many waiting, waited for too long, or the spool full), failed (not written, so refused). accepted + adopted = stored + duplicate + rejected + damaged + left + capture_spooled_rows.',
    labelNames: ['result'],
    registers,
  });
  const bound = Object.fromEntries(RESULTS.map((result) => [result, rows.bind(result)])) as {
    [result in (typeof RESULTS)[number]]: Tally;
  };
  const seconds = new Histogram({
    name: 'capture_commit_duration_seconds',
    help: 'Length of the transactions that store predictions, many rows each.',
    buckets: COMMIT_SECONDS,
    registers,
  });
  const lag = new Histogram({
    name: 'capture_lag_seconds',
    help: 'How long the oldest row of each transaction had waited for it.',
    buckets: LAG_SECONDS,
    registers,
  });
  const torn = new Counter({
    name: 'capture_torn_tails_total',
    help: 'Ends of spool files that held no whole record, left by a process that died while it wrote; cut off.',
    registers,
  });
  const tornBytes = new Counter({
    name: 'capture_torn_bytes_total',
    help: 'Bytes of spool files cut off as torn tails.',
    registers,
  });
  const damaged = new Counter({
    name: 'capture_damaged_records_total',
    help: 'Spool records left out because they do not match their checksum; their file is kept.',
    registers,
  });
  const showSpool = createSpoolGauges(registry);
  return {
    accepted: (count) => bound.accepted(count),
    refused: (count) => bound.refused(count),
    failed: (count) => bound.failed(count),
    adopted: (found) => {
      bound.adopted(found.rows);
      torn.inc(found.tornTails);
      tornBytes.inc(found.tornBytes);
    },
    stored: ({ stored, duplicates }, length, lagSeconds) => {
      bound.stored(stored);
      bound.duplicate(duplicates);
      seconds.observe(length);
      lag.observe(lagSeconds);
    },
    lost: (lost) => {
      bound.rejected(lost.rejected);
      bound.damaged(lost.damaged);
    },
    damagedRecord: () => damaged.inc(),
    watch: showSpool,
  };
}

/** Gauges read at each scrape; zero until a spool is watched. */
function createSpoolGauges(registry: Registry): CaptureMetrics['watch'] {
  let spool: WatchedSpool = { rows: () => 0, bytes: () => 0, oldestMs: () => undefined };
  let now = (): number => 0;
  let limit = 0;
  const gauge = (name: string, help: string, read: () => number, aggregator: 'sum' | 'max' = 'sum'): void => {
    new Gauge({
      name,
      help,
      aggregator,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge('capture_spooled_rows', 'Answered prediction rows that are not in Postgres yet.', () => spool.rows());
  gauge('capture_spool_bytes', 'Bytes of the spool files of this process.', () => spool.bytes());
  gauge('capture_spool_limit_bytes', 'Bytes of spool files beyond which requests are refused.', () => limit);
  gauge(
    'capture_oldest_record_age_seconds',
    'Age of the oldest answered row that is not in Postgres yet; 0 when all are.',
    () => Math.max(0, now() - (spool.oldestMs() ?? Number.POSITIVE_INFINITY)) / 1_000,
    'max',
  );
  return (watched, clock, limitBytes) => {
    spool = watched;
    now = clock;
    limit = limitBytes;
  };
}
