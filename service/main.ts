import { runTraced } from '../core/telemetry/run-traced.js';
import { loadServiceSettings } from './settings.js';

await runTraced(
  'service',
  loadServiceSettings,
  async (started) => {
    const { startService } = await import('./run.js');
    return startService(started);
  },
  { frugal: true },
);
