import { collectDefaultMetrics, type Registry } from 'prom-client';

/** Gauges that prom-client names as if they were counters; what they count has a gauge by type without `_total`. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** Adds what prom-client knows of any Node process (event loop lag, memory, CPU, file descriptors) to a registry. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
}
