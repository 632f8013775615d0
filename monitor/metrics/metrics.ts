import type { Registry } from 'prom-client';
import { createDriftMetrics, type DriftMetrics } from './drift-metrics.js';
import { createPerformanceMetrics, type PerformanceMetrics } from './performance-metrics.js';
import { createRetentionMetrics, type RetentionMetrics } from './retention-metrics.js';
import { createRunMetrics, type RunMetrics } from './run-metrics.js';

/** All metrics of the monitor's own. */
export interface Metrics {
  run: RunMetrics;
  drift: DriftMetrics;
  performance: PerformanceMetrics;
  retention: RetentionMetrics;
}

/** Creates them in `registry`. */
export function createMetrics(registry: Registry): Metrics {
  return {
    run: createRunMetrics(registry),
    drift: createDriftMetrics(registry),
    performance: createPerformanceMetrics(registry),
    retention: createRetentionMetrics(registry),
  };
}
