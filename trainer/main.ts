import { runProcess } from '../core/run-process.js';
import { createLogger } from '../core/telemetry/logger.js';
import { loadTrainerSettings } from './settings.js';
import { startTrainer } from './start.js';

await runProcess('trainer', async (signal) => {
  const settings = loadTrainerSettings();
  return startTrainer({ settings, logger: createLogger('trainer', settings.LOG_LEVEL), signal });
});
