import { Counter, type Registry } from 'prom-client';

/** Counts attempts to load a model version, by result. */
export interface LoadMetrics {
  loaded(): void;
  failed(): void;
}

/** Creates the counter of model loads at zero. */
export function createLoadMetrics(registry: Registry): LoadMetrics {
  const counter = new Counter({
    name: 'model_loads_total',
    help: 'Attempts to load a champion, by result; after a failure the previous version goes on serving.',
    labelNames: ['result'],
    registers: [registry],
  });
  const loaded = counter.labels('loaded');
  const failed = counter.labels('failed');
  loaded.inc(0);
  failed.inc(0);
  return { loaded: () => loaded.inc(), failed: () => failed.inc() };
}
