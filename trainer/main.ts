import { constants } from 'node:os';
import { lowerPriority } from '../core/lower-priority.js';
import { runTraced } from '../core/telemetry/run-traced.js';
import { loadTrainerSettings } from './settings.js';

// Datasets and comparisons give way to serving on the same machine; not wholly, since callers wait for answers here.
lowerPriority(process.pid, constants.priority.PRIORITY_BELOW_NORMAL);
await runTraced('trainer', loadTrainerSettings, async (started) => {
  const { startTrainer } = await import('./start.js');
  return startTrainer(started);
});
