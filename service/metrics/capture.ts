import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Counts what is stored of the predictions. */
export interface CaptureMetrics {
  /** Rows of one commit that succeeded, and how long it took. */
  committed(rows: number, seconds: number): void;
  /** Rows whose commit failed: their requests were refused. */
  failed(rows: number): void;
  /** Rows refused because too many were waiting. */
  refused(rows: number): void;
}

// A commit waits for about one fdatasync (1 ms on a local disk); the tail is a busy or distant server.
const COMMIT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** @param waitingRows  rows accepted and not yet answered, read at each scrape */
export function createCaptureMetrics(registry: Registry, waitingRows: () => number): CaptureMetrics {
  const rows = new Counter({
    name: 'capture_rows_total',
    help: 'Prediction rows by what became of them: stored, failed (commit failed, request refused), refused (too many waiting).',
    labelNames: ['result'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'capture_commit_duration_seconds',
    help: 'Length of the transactions that store predictions, many rows each.',
    buckets: COMMIT_SECONDS,
    registers: [registry],
  });
  new Gauge({
    name: 'capture_waiting_rows',
    help: 'Prediction rows accepted and not yet answered.',
    registers: [registry],
    collect() {
      this.set(waitingRows());
    },
  });
  const bound = { stored: rows.labels('stored'), failed: rows.labels('failed'), refused: rows.labels('refused') };
  for (const child of Object.values(bound)) child.inc(0);
  return {
    committed: (count, length) => {
      bound.stored.inc(count);
      seconds.observe(length);
    },
    failed: (count) => bound.failed.inc(count),
    refused: (count) => bound.refused.inc(count),
  };
}
