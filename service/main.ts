import { runProcess } from '../core/run-process.js';
import { createLogger } from '../core/telemetry/logger.js';
import { startService } from './run.js';
import { loadServiceSettings } from './settings.js';

await runProcess('service', async (signal) => {
  const settings = loadServiceSettings();
  return startService({ settings, logger: createLogger('service', settings.LOG_LEVEL), signal });
});
