import { lowerPriority } from '../core/lower-priority.js';
import { runTraced } from '../core/telemetry/run-traced.js';
import { loadTrainerSettings } from './settings.js';

// Datasets and comparisons give way to serving on the same machine, as training does.
lowerPriority(process.pid);
await runTraced('trainer', loadTrainerSettings, async (started) => {
  const { startTrainer } = await import('./start.js');
  return startTrainer(started);
});
