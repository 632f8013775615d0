import { runTraced } from '../core/telemetry/run-traced.js';
import { loadMonitorSettings } from './settings.js';

await runTraced('monitor', loadMonitorSettings, async (started) => {
  const [option, modelName] = process.argv.slice(2);
  const { rebuild, runOnce, serve } = await import('./serve.js');
  if (option === '--once') return runOnce(started);
  return option === '--rebuild' ? rebuild(started, modelName ?? '') : serve(started);
});
