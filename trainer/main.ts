import { runTraced } from '../core/telemetry/run-traced.js';
import { loadTrainerSettings } from './settings.js';

await runTraced('trainer', loadTrainerSettings, async (started) => {
  const { startTrainer } = await import('./start.js');
  return startTrainer(started);
});
